-- quality.rule_pairs: rules that the same stories break.
-- grain    one row per pair of rules, in alphabetical order
-- reads    main.story_list, quality.quarantine_list
-- gives    how many stories break both, and the share of each rule
-- why      rules that always break together have one cause, and one fix
with broken as (
    select
        story.story_id,
        story.quality_flags as rules
    from main.story_list as story
    where len(story.quality_flags) > 0
    union all
    select
        aside.story_id,
        list_concat(aside.failed_rules, aside.quality_flags) as rules
    from quality.quarantine_list as aside
),
fired as (
    select
        broken.story_id,
        unnest(broken.rules) as rule_id
    from broken
),
alone as (
    select
        fired.rule_id,
        count(*) as stories
    from fired
    group by fired.rule_id
),
together as (
    select
        one.rule_id,
        other.rule_id as with_rule,
        count(*) as stories
    from fired as one
    inner join fired as other
        on one.story_id = other.story_id
        and one.rule_id < other.rule_id
    group by
        one.rule_id,
        other.rule_id
)
select
    together.rule_id,
    together.with_rule,
    together.stories,
    one.stories as rule_stories,
    other.stories as with_rule_stories,
    together.stories / (one.stories + other.stories - together.stories) as overlap
from together
inner join alone as one
    on together.rule_id = one.rule_id
inner join alone as other
    on together.with_rule = other.rule_id
