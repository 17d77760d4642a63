-- quality.worst_outlets: how often each outlet's stories break a rule, and which rule most.
-- grain    one row per outlet; outlet is null where the text names none
-- reads    main.story_list, quality.quarantine
-- gives    stories found, set aside and flagged, their shares, and the most frequent rule
-- why      one layout that the splitter does not know is invisible in the average
with judged as (
    select
        story.outlet,
        story.story_id,
        story.confidence,
        story.quality_flags as broken,
        false as is_aside
    from main.story_list as story
    union all
    select
        aside.outlet,
        aside.story_id,
        aside.confidence,
        list_concat(aside.failed_rules, aside.quality_flags) as broken,
        true as is_aside
    from quality.quarantine_list as aside
),
fired as (
    select
        judged.outlet,
        unnest(judged.broken) as rule_id
    from judged
),
counted as (
    select
        fired.outlet,
        fired.rule_id,
        count(*) as stories
    from fired
    group by
        fired.outlet,
        fired.rule_id
),
worst as (
    select
        counted.outlet,
        counted.rule_id,
        counted.stories
    from counted
    qualify row_number() over (
        partition by counted.outlet
        order by counted.stories desc, counted.rule_id asc
    ) = 1
)
select
    judged.outlet,
    count(*) as stories,
    count(*) filter (where judged.is_aside) as quarantined,
    count(*) filter (where not judged.is_aside and len(judged.broken) > 0) as flagged,
    avg(judged.is_aside::integer) as quarantined_share,
    avg((len(judged.broken) > 0)::integer) as broken_share,
    avg(judged.confidence) as mean_confidence,
    any_value(worst.rule_id) as worst_rule,
    any_value(worst.stories) as worst_rule_stories
from judged
left join worst
    on judged.outlet is not distinct from worst.outlet
group by judged.outlet
