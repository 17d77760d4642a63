-- search_changed: the splits of pages that only the search index or only the warehouse has.
-- grain    one row per split of a page
-- reads    main.pages; indexed: the splits that the index holds
-- gives    the split, and whether it has left the warehouse; else it is new
-- why      the stories of a split are added and removed together, so stories are not compared
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
