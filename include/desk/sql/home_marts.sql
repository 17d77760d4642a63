-- home_marts: how far each mart is behind the lake.
-- grain    one row per mart
-- reads    meta.freshness
-- gives    the version it shows, and the stories it failed on; the furthest behind first
select
    fresh.mart,
    fresh.lake_version,
    fresh.versions_behind,
    fresh.stories,
    fresh.failed_stories,
    fresh.made_at
from meta.freshness as fresh
order by
    fresh.versions_behind desc,
    fresh.mart
