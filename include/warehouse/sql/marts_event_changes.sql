-- marts.event_changes: events that were renamed, merged or split from one analysis to the next.
-- grain    one row per earlier event and each later event that has stories of it
-- reads    lake.event_changes, lake.analyses
-- gives    what became of the stories of an event_id
-- why      people keep ids; unlike the other marts, this depends on what was analysed when
select
    change.event_id,
    change.became_event_id,
    change.kind,
    change.stories,
    change.moved,
    analysis.lake_version,
    analysis.made_at
from lake.event_changes as change
inner join lake.analyses as analysis using (analysis_id)
order by analysis.made_at asc, change.event_id asc, change.became_event_id asc
