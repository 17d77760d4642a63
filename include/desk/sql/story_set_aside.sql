-- story_set_aside: one story that was set aside, with all its fields.
-- grain    at most one row
-- reads    lake.quarantine, quality.quarantine_list
-- takes    $story_id, and its $page_id, $day and $run_id
-- gives    its columns, the rules it failed, and what a person decided
select
    aside.* exclude (observed, suite_version, resolution, resolved_at, resolved_by),
    listed.resolution,
    false as is_landed,
    null::varchar as outlet_name,
    null::varchar as outlet_source,
    null::varchar as outlet_kind,
    null::varchar as outlet_country
from lake.quarantine as aside
left join quality.quarantine_list as listed
    on aside.story_id = listed.story_id
    and aside.run_id = listed.run_id
where
    aside.ingest_day = $day
    and aside.page_id = $page_id
    and aside.run_id = $run_id
    and aside.story_id = $story_id
limit 1
