"""
The command line: the same steps that Airflow runs, and commands that show what they did.

Exit codes: 0 done; 1 failed, with the reason; 2 wrong usage.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from include.config.settings import OTLP, Settings, read_settings
from include.errors import CopydeskError, Unexpected, UsageWrong
from include.storage.locations import is_text, is_url, to_bytes
from include.telemetry import export
from include.terminal.failures import error_object, print_error
from include.terminal.json_logs import write_json_logs
from include.terminal.parser import build_parser

REPORT = "Please report it with the traceback."


def main(words: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    arguments = build_parser(_serve_desk).parse_args(words)
    arguments.environ = os.environ
    console = Console(stderr=True)
    try:
        _check_encoding(arguments)
        settings = read_settings(
            os.environ,
            home=_from_here(arguments.home),
            inbox=_from_here(getattr(arguments, "inbox", None)),
            workers=getattr(arguments, "workers", None),
            spark_jobs=getattr(arguments, "spark_jobs", None),
        )
        if settings.log_format == "json":
            write_json_logs(sys.stderr)
        if settings.telemetry == OTLP:
            export.start()
        code = int(arguments.run(settings, arguments))
        sys.stdout.flush()
        return code
    except CopydeskError as error:
        is_usage = isinstance(error, UsageWrong)
        print_error(console, "wrong usage" if is_usage else "failed", error)
        if getattr(arguments, "json", False):
            print(error_object(error))
        return 2 if is_usage else 1
    except BrokenPipeError:  # the reader closed the pipe, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # ours to fix: the traceback follows, and so does the object
        if getattr(arguments, "json", False):
            print(error_object(Unexpected(type(error).__name__, str(error), REPORT)), flush=True)
        raise
    finally:
        export.finish()


def _serve_desk(settings: Settings, port: int) -> int:
    from include.desk.standalone import serve  # takes a second to import

    return serve(settings, port, Console())


def _check_encoding(arguments: argparse.Namespace) -> None:
    """Refuse arguments that are not UTF-8, which no table can hold; paths to read are exempt."""
    way_out = r"It is not UTF-8. Rename the folder; write such a byte in a file's name as \xff."
    for name, value in vars(arguments).items():
        for word in value if isinstance(value, list) else [value]:
            if isinstance(word, str) and not is_text(word):
                raise UsageWrong(name, to_bytes(word), way_out)


def _from_here(typed: str | None) -> str | None:
    """Resolve a typed path against the current folder; a URL stays as it is."""
    return typed if typed is None or is_url(typed) else str(Path(typed).resolve())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
