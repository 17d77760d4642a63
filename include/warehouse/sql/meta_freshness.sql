-- meta.freshness: the version of the lake that each mart shows.
-- grain    one row per mart that an analysis has made
-- reads    meta.analyses, meta.runs
-- gives    the mart's version beside the newest one
-- why      a mart is minutes behind the lake; analysts need to see by how much
with newest as (
    select coalesce(max(run.version), 0) as newest_version
    from meta.runs as run
),
made as (
    select
        analysis.mart,
        max_by(analysis.analyzer_version, analysis.analysis_no) as analyzer_version,
        max(analysis.lake_version) as lake_version,
        sum(analysis.stories)::bigint as stories,
        sum(analysis.failed_stories)::bigint as failed_stories,
        max_by(analysis.made_at, analysis.analysis_no) as made_at
    from meta.analyses as analysis
    group by analysis.mart
)
select
    made.mart,
    made.analyzer_version,
    made.lake_version,
    newest.newest_version,
    newest.newest_version - made.lake_version as versions_behind,
    made.stories,
    made.failed_stories,
    made.made_at
from made
cross join newest
