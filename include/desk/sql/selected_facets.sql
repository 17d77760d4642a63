-- selected_facets: how the selection is spread over outlets, languages, days and flags.
-- grain    one row per facet and value, and the total
-- reads    selected.sql
-- takes    $values: the most values of a facet
-- gives    facet, value, stories
,
counted as (
    select
        'total' as facet,
        '' as value,
        count(*) as stories
    from selected
    union all
    select
        'outlet' as facet,
        coalesce(selected.outlet, '') as value,
        count(*) as stories
    from selected
    group by selected.outlet
    union all
    select
        'language' as facet,
        selected.language as value,
        count(*) as stories
    from selected
    group by selected.language
    union all
    select
        'day' as facet,
        selected.ingest_day::varchar as value,
        count(*) as stories
    from selected
    group by selected.ingest_day
    union all
    select
        'flag' as facet,
        raised.flag as value,
        count(*) as stories
    from selected
    cross join unnest(selected.quality_flags) as raised (flag)
    group by raised.flag
)
select
    counted.facet,
    counted.value,
    counted.stories
from counted
qualify row_number() over (
    partition by counted.facet
    order by counted.stories desc, counted.value
) <= $values
order by
    counted.facet,
    counted.stories desc,
    counted.value
