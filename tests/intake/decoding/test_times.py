from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.intake.decoding.times import read_time

TEN = datetime(2026, 3, 4, 10, tzinfo=UTC)
DAY = TEN.replace(hour=0)


@pytest.mark.parametrize(
    ("value", "at", "precision"),
    [
        ("2026-03-04T10:00:00Z", TEN, "minute"),
        ("2026-03-04T10:00:00", TEN, "minute"),
        ("2026-03-04 12:00 +0200", TEN, "minute"),
        ("2026-03-04T10:00:00.123456789Z", TEN, "minute"),
        ("2026-03-04T10Z", TEN, "hour"),
        ("2026-03-04", DAY, "day"),
        ("2026-3-4", DAY, "day"),
        ("2026/03/04", DAY, "day"),
        ("2026.03.04", DAY, "day"),
        ("20260304", DAY, "day"),
        (20260304, DAY, "day"),
        ("20260304100000", TEN, "minute"),
        ("20260304T100000Z", TEN, "minute"),
        ("2026-03-03T24:00:00Z", DAY, "minute"),
        ("1772618400", TEN, "minute"),
        ("1772618400000", TEN, "minute"),
        (1772618400, TEN, "minute"),
        (1772618400000, TEN, "minute"),
        ("1772618400.5", TEN.replace(microsecond=500000), "minute"),
        ("Wed, 04 Mar 2026 10:00:00 GMT", TEN, "minute"),
        ("Wed, 04 Mar 2026 05:00:00 EST", TEN, "minute"),
        ("2026-03-04 05:00:00 EST", TEN, "minute"),
        ("2026-03-04 10:00:00 UTC", TEN, "minute"),
        ("March 4, 2026", DAY, "day"),
        ("Mar. 4, 2026", DAY, "day"),
        ("March 4th, 2026", DAY, "day"),
        ("Wednesday, March 4, 2026", DAY, "day"),
        ("March 4, 2026 at 10:00 am", TEN, "minute"),
        ("March 4, 2026, 10:00 a.m. UTC", TEN, "minute"),
        ("4 March 2026", DAY, "day"),
        ("4 March 2026 10:00", TEN, "minute"),
        ("4-Mar-2026", DAY, "day"),
        ("4. März 2026", DAY, "day"),
        ("4. März 2026, 10:00 Uhr", TEN, "minute"),
        ("4 mars 2026", DAY, "day"),
        ("4 de marzo de 2026", DAY, "day"),
        ("04.03.2026", DAY, "day"),
        ("04.03.2026 10:00", TEN, "minute"),
        ("25/03/2026", DAY.replace(day=25), "day"),
        ("03/25/2026", DAY.replace(day=25), "day"),
        ("03/03/2026", DAY.replace(day=3), "day"),
        ("1969-12-31T23:59:59Z", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), "minute"),
    ],
)
def test_common_notations_are_read(value: object, at: datetime, precision: str) -> None:
    assert read_time(value) == (at, precision)


@pytest.mark.parametrize(
    "value",
    [
        "0202-10-21T00:00:00Z", "1850-01-01T01:01:01+00:53", "9999-12-31T23:59:59Z", "10000-01-01",
        "2026-02-30", "04/03/2026", "3/4/2026", "", None, True, "yesterday", "12", "2026", 2026, 12,
        "13 o'clock", "2026-03-04T25:00:00Z", "2026-03-04T10:61:00Z", "2026-03-04 10:00 XYZ",
        "4 Foo 2026", "Page 4, 2026", "March 40, 2026", "2026-03-04 13:00 pm", ["2026-03-04"],
        "2" * 101, float("nan"), float("inf"), "99999999999999", "20261304", "March 2026",
    ],
)  # fmt: skip
def test_a_value_that_is_no_certain_time_is_dropped(value: object) -> None:
    assert read_time(value) is None


@given(st.text(max_size=120) | st.integers() | st.floats())
def test_no_value_raises(value: object) -> None:
    found = read_time(value)
    assert found is None or found[0].tzinfo is not None
