-- series_word: how many stories have a word, and how many there are, day by day.
-- grain    one row per day
-- reads    attention
-- takes    term; outlet, since (a day); null: all
-- gives    both counts; days of publication, else of ingestion
-- why      `plot word`
select
    asked.day,
    sum(asked.stories)::double as part,
    sum(asked.all_stories)::double as whole
from attention($term) as asked
where
    ($outlet::varchar is null or lower(asked.outlet) = lower($outlet))
    and ($since::date is null or asked.day >= $since::date)
group by asked.day
order by asked.day
