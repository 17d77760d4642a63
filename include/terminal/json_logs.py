"""
Log lines as JSON objects, for programs that collect them. Messages never contain a story's text.

Airflow's own logs have the same option: `AIRFLOW__LOGGING__JSON_LOGS`.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import TextIO


class JsonFormatter(logging.Formatter):
    """One JSON object per line: timestamp, level, logger, event; an error's class and place."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. An exception's message is left out, since a library may quote data."""
        line: dict[str, object] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            frame = record.exc_info[2]
            while frame is not None and frame.tb_next is not None:
                frame = frame.tb_next
            if frame is not None:
                line["at"] = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}"
        return json.dumps(line, ensure_ascii=False)


def write_json_logs(stream: TextIO) -> None:
    """Write the log lines of this process to a stream, as JSON, instead of as text."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
