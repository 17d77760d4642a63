-- series_confidence: how sure the splitter was, day by day.
-- grain    one row per day of ingestion
-- reads    main.stories
-- takes    outlet, since (a day); null: all
-- gives    the sum of confidence and the number of stories
-- why      `plot confidence`: a site that changes its layout makes it fall
select
    story.ingest_day as day,
    sum(story.confidence) as part,
    count(*)::double as whole
from main.stories as story
where
    ($outlet::varchar is null or lower(story.outlet) = lower($outlet))
    and ($since::date is null or story.ingest_day >= $since::date)
group by story.ingest_day
order by story.ingest_day
