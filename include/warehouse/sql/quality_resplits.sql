-- quality.resplits: what re-splits changed, by outlet.
-- grain    one row per outlet, run and decision
-- reads    lake.resplit_changes
-- gives    counts of stories by kind of change
-- why      a splitter that is better for one outlet may be worse for another
select
    changes.run_id,
    changes.ingested_at,
    changes.decision,
    any_value(changes.decided_by) as decided_by,
    max(changes.decided_at) as decided_at,
    changes.outlet,
    count(distinct changes.page_id) as pages,
    count(*) filter (changes.change = 'added') as added,
    count(*) filter (changes.change = 'gone') as gone,
    count(*) filter (changes.change = 'changed') as changed,
    count(*) filter (list_contains(changes.what, 'headline')) as headlines,
    count(*) filter (list_contains(changes.what, 'body')) as bodies,
    count(*) filter (list_contains(changes.what, 'boundaries')) as boundaries,
    count(*) filter (list_contains(changes.what, 'facts')) as facts,
    count(*) filter (list_contains(changes.what, 'verdict')) as verdicts,
    sum(changes.changed_chars)::bigint as changed_chars
from lake.resplit_changes as changes
group by changes.run_id, changes.ingested_at, changes.decision, changes.outlet
