-- search_changed: the splits of pages by which the search index and the warehouse differ.
-- grain    one row per split of a page
-- reads    main.pages; indexed: the splits that the index holds
-- gives    the split, and whether it left or is new
-- why      the stories of a split come and leave together, so no story need be compared
select
    page_id,
    run_id,
    true as has_left
from indexed
anti join main.pages using (page_id, run_id)
union all
select
    page_id,
    run_id,
    false as has_left
from main.pages
anti join indexed using (page_id, run_id)
