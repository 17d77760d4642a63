-- digest_day: what the page of one day's digest shows.
-- grain    one row, or none if nothing was ingested that day
-- reads    marts.digest, marts.outlet_daily, marts.events, marts.event_stories, marts.coverage_gaps,
--          marts.duplicate_clusters, marts.duplicate_stories, marts.silent_outlets, main.stories,
--          quality.quarantine
-- takes    day
-- gives    counts, the last 28 days, and lists of structs, longest first
-- why      the page is built from one answer, so all its parts show the same version
select
    digest.stories,
    digest.outlets,
    digest.new_events,
    digest.copied_texts,
    digest.flagged,
    digest.waiting,
    (
        select list({'day': span.day::date, 'stories': coalesce(daily.stories, 0)} order by span.day)
        from generate_series($day::date - 27, $day::date, interval 1 day) as span (day)
        left join (
            select ingest_day, sum(stories)::bigint as stories
            from marts.outlet_daily group by ingest_day
        ) as daily on span.day::date = daily.ingest_day
    ) as days,
    (
        select list({'outlet': daily.outlet, 'stories': daily.stories, 'copies': daily.later_copies}
            order by daily.outlet is null, daily.stories desc, daily.outlet)
        from marts.outlet_daily as daily
        where daily.ingest_day = $day::date
    ) as by_outlet,
    (
        select list(event order by event.outlets desc, event.stories desc, event.event_id)
        from marts.events as event
        inner join marts.event_stories as member
            on event.event_id = member.event_id and member.is_first
        inner join main.stories as story on member.story_id = story.story_id
        where story.ingest_day = $day::date
    ) as events,
    (
        select list(cluster order by cluster.stories desc, cluster.cluster_id)
        from marts.duplicate_clusters as cluster
        where cluster.cluster_id in (
            select member.cluster_id
            from marts.duplicate_stories as member
            inner join main.stories as story on member.story_id = story.story_id
            where not member.is_first and story.ingest_day = $day::date
        )
    ) as copies,
    (
        select list(gap order by gap.outlets desc, gap.event_id, gap.outlet)
        from marts.coverage_gaps as gap
        inner join marts.event_stories as member on gap.event_id = member.event_id and member.is_first
        inner join main.stories as story on member.story_id = story.story_id
        where story.ingest_day = $day::date
    ) as gaps,
    (
        select list(silent order by silent.silent_days desc, silent.outlet)
        from marts.silent_outlets as silent
    ) as silent,
    (
        select list({'flag': flagged.flag, 'stories': flagged.stories}
            order by flagged.stories desc, flagged.flag)
        from (
            select unnest(story.quality_flags) as flag, count(*) as stories
            from main.stories as story
            where story.ingest_day = $day::date
            group by flag
        ) as flagged
    ) as flags,
    (
        select list(
            {'headline': kept.headline, 'source_name': kept.source_name, 'rules': kept.failed_rules}
            order by kept.source_name, kept.story_no
        )
        from quality.quarantine as kept
        where kept.resolution is null and kept.ingest_day = $day::date
    ) as kept
from marts.digest as digest
where digest.ingest_day = $day::date
