"""Floors for the dates found in the labelled sets beside the project. They are not in it."""

import pytest

from benchmarks.analysis_quality import answer_dates, score
from benchmarks.train_quotes import DEV, read_rows

pytestmark = pytest.mark.skipif(not DEV.is_dir(), reason="no labelled texts here")


@pytest.mark.parametrize(
    ("name", "strict", "relaxed", "value"),
    [
        ("dates_timebank_aquaint", 87, 93, 79),  # measured: 88.7, 94.3, 80.4
        ("dates_krauts_de", 76, 84, 68),  # measured: 78.1, 86.2, 70.1
    ],
)
def test_dates_are_found_and_resolved(name, strict, relaxed, value):
    result = score("dates", name, [answer_dates(row) for row in read_rows(name)])

    figures = tuple(result[key]["F1"] for key in ("strict", "relaxed", "value"))
    assert all(f >= floor for f, floor in zip(figures, (strict, relaxed, value), strict=True))
