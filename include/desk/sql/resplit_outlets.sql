-- resplit_outlets: what a re-split changes, by outlet.
-- grain    one row per outlet
-- reads    quality.resplits
-- takes    $run
-- gives    counts of stories by kind of change and by what differs, and the decision; most first
select
    resplit.outlet,
    resplit.pages,
    resplit.changed,
    resplit.added,
    resplit.gone,
    resplit.headlines as headline,
    resplit.bodies as body,
    resplit.boundaries,
    resplit.facts,
    resplit.verdicts as verdict,
    resplit.changed_chars,
    resplit.ingested_at,
    resplit.decision,
    resplit.decided_by,
    resplit.decided_at
from quality.resplits as resplit
where resplit.run_id = $run
order by
    resplit.changed + resplit.added + resplit.gone desc,
    resplit.outlet
