import io
import json
import logging

from include.terminal.json_logs import JsonFormatter, write_json_logs


def test_a_line_is_one_object_without_the_words_of_an_exception() -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    try:
        write_json_logs(stream)
        try:
            raise ValueError("could not convert: 'The minister\nsaid'")
        except ValueError:
            logging.getLogger("copydesk.x").exception("page %s was set aside", "abc")
    finally:
        root.setLevel(before[0])
        root.handlers[:] = before[1]
    line = json.loads(stream.getvalue())
    assert stream.getvalue().count("\n") == 1
    assert (line["level"], line["logger"], line["event"]) == (
        "error", "copydesk.x", "page abc was set aside",
    )  # fmt: skip
    assert line["error"] == "ValueError"
    assert "test_json_logs.py" in line["at"]
    assert "minister" not in stream.getvalue()


def test_a_record_without_an_exception_has_four_keys() -> None:
    record = logging.LogRecord("n", logging.INFO, "p", 1, "m", (), None)
    assert set(json.loads(JsonFormatter().format(record))) == {
        "timestamp", "level", "logger", "event",
    }  # fmt: skip
