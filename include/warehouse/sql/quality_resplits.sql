-- quality.resplits: what splitting pages again changed, outlet by outlet.
-- grain    one row an outlet in one run, by what was decided
-- reads    lake.resplit_changes
-- gives    counts of stories by kind of change
-- why      a splitter that is better for one outlet may be worse for another
select
    told.run_id,
    told.ingested_at,
    told.decision,
    any_value(told.decided_by) as decided_by,
    max(told.decided_at) as decided_at,
    told.outlet,
    count(distinct told.page_id) as pages,
    count(*) filter (told.change = 'added') as added,
    count(*) filter (told.change = 'gone') as gone,
    count(*) filter (told.change = 'changed') as changed,
    count(*) filter (list_contains(told.what, 'headline')) as headlines,
    count(*) filter (list_contains(told.what, 'body')) as bodies,
    count(*) filter (list_contains(told.what, 'boundaries')) as boundaries,
    count(*) filter (list_contains(told.what, 'facts')) as facts,
    count(*) filter (list_contains(told.what, 'verdict')) as verdicts,
    sum(told.changed_chars)::bigint as changed_chars
from lake.resplit_changes as told
group by told.run_id, told.ingested_at, told.decision, told.outlet
