-- meta.freshness: of which version of the lake each mart is.
-- grain    one row per mart that was ever made by analysis
-- reads    meta.analyses, meta.runs
-- gives    the mart's version beside the newest one
-- why      a mart follows the lake by minutes: whoever counts with it should see by how much
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
