"""
Quality: which stories land, and whether a run may. The only home of Great Expectations.

`suites/` reads and validates the rules (YAML) → `checks/` evaluates them on figures derived from
stories → `judge` decides story by story, `judge_pages` page by page → `gate/` judges the whole run
before anything lands.
"""
