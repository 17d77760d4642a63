"""The command `search`: find stories by their words, best first."""

import sys
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from include.config.commands import format_command
from include.config.settings import Settings
from include.errors import UsageWrong
from include.terminal.rows import write_json
from include.text import pluralize, sanitize
from include.warehouse.search.ask import count_runs_behind, search_stories

NO_OUTLET = "outlet not named"


def run_search(
    settings: Settings, query: str, limit: int, console: Console, as_json: bool = False
) -> int:
    """
    Print the stories that match a query, or with `as_json` one object per story.

    If the index lacks stories that have landed, standard error says so.
    """
    if limit < 1:
        raise UsageWrong("limit", limit, "Give 1 or more.")
    stories = search_stories(settings.warehouse, query, limit, settings.memory_limit)
    if as_json:
        write_json(stories, sys.stdout)
    else:
        for story in stories.to_pylist():
            _print_story(story, console)
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    behind = count_runs_behind(settings.warehouse, settings.memory_limit)
    if behind:
        command = format_command(settings, ["analyze"])
        line = f"the index lacks the last {pluralize(behind, 'run')}; to add them: {command}"
        errors.print(Text(sanitize(line), style="yellow"))
    if not stories.num_rows and not as_json:
        errors.print(Text("no story matches", style="dim"))
    return 0


def _print_story(story: dict[str, Any], console: Console) -> None:
    """Print a story in three lines: score and headline; outlet, day and id; a passage."""
    headline = story["headline"] or story["around"].split("\n")[0]
    at = story["published_at"]
    day = f"{at:%Y-%m-%d}" if isinstance(at, datetime) else "no date"
    origin = f"{story['outlet'] or NO_OUTLET} · {day} · {story['story_id']}"
    around = " ".join(story["around"].split())
    line = Text.assemble((f"{story['score']:6.2f}  ", "dim"), (sanitize(headline), "bold"))
    console.print(line, soft_wrap=True)
    console.print(Text(f"        {sanitize(origin)}", style="dim"), soft_wrap=True)
    console.print(Text(f"        … {sanitize(around)} …"), soft_wrap=True)
