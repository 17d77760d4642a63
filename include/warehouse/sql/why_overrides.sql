-- why_overrides: the corrections that bear on some pages: their own, and their outlets'.
-- grain    one row a page and correction
-- reads    quality.overrides, meta.deliveries, main.pages, main.stories, main.chrome,
--          quality.quarantine
-- takes    $pages: page_ids
-- gives    what each says, whose word it is, whether it was withdrawn, and whether the page was
--          split since; of an outlet's, those that a split met on the page, or that wait for one
-- why      a part of what `python -m include why` answers; a run knows what was said before it
--          began, and an outlet's word is followed only on lines that its pattern finds
with page as (
    select unnest($pages::varchar[]) as page_id
),
split as (
    select
        page_id,
        max(ingested_at) as split_at
    from meta.deliveries
    semi join page using (page_id)
    where splitter_version is not null
    group by page_id
),
story as (
    select
        page_id,
        outlet,
        reasons
    from main.stories
    semi join page using (page_id)
    union all
    select
        page_id,
        outlet,
        reasons
    from quality.quarantine
    semi join page using (page_id)
),
left_out as (
    select
        page_id,
        role,
        reason,
        text
    from main.chrome
    semi join page using (page_id)
),
outlet_of as (
    select page_id, outlet, true as is_its
    from main.pages
    semi join page using (page_id)
    union all
    select page_id, outlet, true as is_its
    from story
    union all -- where a correction left out all that named it
    select left_out.page_id, said.outlet, false as is_its
    from quality.overrides as said
    inner join left_out on contains(lower(left_out.text), lower(said.outlet))
),
told as (
    select
        coalesce(said.page_id, outlet_of.page_id) as page_id,
        said.page_id is not null as is_own,
        coalesce(bool_or(outlet_of.is_its), false) as is_its,
        said.override_id,
        said.line_no,
        said.line_text,
        said.outlet,
        said.pattern,
        said.action,
        said.role,
        said.value,
        said.is_withdrawn,
        said.note,
        said.made_by,
        said.made_at
    from quality.overrides as said
    left join outlet_of on lower(said.outlet) = lower(outlet_of.outlet)
    where
        outlet_of.page_id is not null
        or said.page_id in (select page_id from page)
    group by all
),
met as (
    select distinct
        told.page_id,
        told.override_id
    from told
    inner join left_out as line on told.page_id = line.page_id
    where
        line.reason = 'set by review'
        and told.action = 'role'
        and line.role = told.role
        and coalesce(try(regexp_matches(line.text, told.pattern)), true)
    union
    select
        told.page_id,
        told.override_id
    from told
    inner join story on told.page_id = story.page_id
    where
        list_has_any(story.reasons, ['set by review', told.action || ' set by review'])
        and (told.is_its or told.is_own)
        and (
            told.action <> 'role'
            or told.role in (
                'headline', 'subhead', 'byline', 'dateline', 'caption', 'credit', 'body', 'list',
                'tags'
            )
        )
)
select
    told.page_id,
    told.override_id,
    told.line_no,
    told.line_text,
    told.outlet,
    told.pattern,
    told.action,
    told.role,
    told.value,
    told.is_withdrawn,
    coalesce(told.made_at <= split.split_at, false) as is_followed,
    told.note,
    told.made_by,
    told.made_at
from told
left join split on told.page_id = split.page_id
left join met on told.page_id = met.page_id and told.override_id = met.override_id
where
    told.is_own
    or met.override_id is not null
    or (
        told.is_its
        and not told.is_withdrawn
        and coalesce(told.made_at > split.split_at, true)
    )
order by
    told.made_at,
    told.override_id
