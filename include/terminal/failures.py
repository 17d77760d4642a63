"""How a failed command says what failed."""

import json

from rich.console import Console
from rich.text import Text

from include.errors import CopydeskError
from include.text import sanitize


def print_error(console: Console, how: str, error: CopydeskError) -> None:
    """Print an error; one of several lines is not wrapped, since a caret may point into a line."""
    message = "\n".join(map(sanitize, str(error).splitlines()))
    unwrapped = "\n" in message or not console.is_terminal
    console.print(Text.assemble((how, "red"), f" {message}"), soft_wrap=unwrapped)


def error_object(error: CopydeskError) -> str:
    """Return the JSON object that a failed command with --json ends with."""
    problem = {"thing": error.thing, "value": error.value, "way_out": error.way_out}
    return json.dumps({**error.done, "error": problem}, default=str)
