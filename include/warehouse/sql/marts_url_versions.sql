-- marts.url_versions: the texts that each URL has shown, in order.
-- grain    one row per URL and page that stands; pages delivered without a URL have none
-- reads    main.stories
-- gives    the versions of each URL, the newest marked
-- why      a crawler that visits a URL again delivers the new text under another name or in another
--          archive, so that both pages stand: this view shows that they are one article
with pages as (
    select
        url,
        page_id,
        any_value(source_name) as source_name,
        count(*)::integer as stories,
        arg_min(headline, story_no) as headline,
        arg_min(published_at, story_no) as published_at,
        min(ingested_at) as ingested_at
    from main.stories
    where url is not null
    group by
        url,
        page_id
)
select
    url,
    (row_number() over versions)::integer as version_no,
    (count(*) over (partition by url))::integer as versions,
    row_number() over versions = count(*) over (partition by url) as is_newest,
    page_id,
    source_name,
    stories,
    headline,
    published_at,
    ingested_at
from pages
window versions as (
    partition by url
    order by ingested_at asc, source_name asc, page_id asc
)
