-- meta.analyses: analyses whose rows count.
-- grain    one row per analysis of one mart
-- reads    lake.analyses
-- gives    its columns
-- why      an analysis with since_version 0 rebuilds its mart: the rows of earlier analyses no
--          longer count, and are deleted a moment later; views of marts join to this
select
    analysis.analysis_id,
    analysis.mart,
    analysis.analysis_no,
    analysis.analyzer_version,
    analysis.since_version,
    analysis.lake_version,
    analysis.stories,
    analysis.failed_stories,
    analysis.rows_added,
    analysis.made_by,
    analysis.made_at
from lake.analyses as analysis
qualify analysis.analysis_no >= max(analysis.analysis_no) filter (
    where analysis.since_version = 0
) over (partition by analysis.mart)
