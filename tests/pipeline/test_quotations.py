"""A quotation is recognised however it was wrapped, escaped or cut, and other texts are left."""

from __future__ import annotations

import html
import json
import textwrap

import pytest

from include.pipeline.quotations import Quotations

TEXT = (
    "The soprano left the harbour choir of Lower Tarn on Monday, after a quarrel about the key of "
    "a hymn that nobody else could remember hearing at all; “I shall sing alone,” she said."
)
GREEK = "Η υψίφωνος έφυγε από τη χορωδία του λιμανιού τη Δευτέρα, ύστερα από έναν μεγάλο καβγά."
CHINESE = "女高音歌手在星期一离开了港口合唱团因为一首没有人记得的赞美诗的调子发生了争吵"
NAME = "obituary of o'hara & sons.txt"


@pytest.mark.parametrize("text", [TEXT, GREEK, CHINESE])
@pytest.mark.parametrize(
    "form",
    [
        str,
        str.upper,
        json.dumps,
        lambda text: json.dumps({"body": f"```\n{text}\n```"}),
        lambda text: f"<p>{html.escape(text)}</p>",
        lambda text: "\n> ".join(textwrap.wrap(text, 76)),
        lambda text: text[: 3 * len(text) // 4],
        lambda text: text.replace(",", "\\,").replace(".", "\\."),
    ],
)
def test_a_quotation_is_recognised(text, form) -> None:
    assert Quotations([text], []).quotes(form(text))


@pytest.mark.parametrize(
    "other",
    [
        "",
        "The council of Lower Tarn voted on Tuesday to let the night boat sail.",
        "The soprano left the harbour.",
    ],
)
def test_another_text_is_not(other) -> None:
    assert not Quotations([TEXT, GREEK], [NAME]).quotes(other)
    assert not Quotations([], []).quotes(TEXT)


@pytest.mark.parametrize("form", [str, html.escape, lambda name: json.dumps(name)[1:-1]])
def test_a_name_is_replaced_in_every_form(form) -> None:
    quotations = Quotations([], [NAME])
    text = f"took {form(NAME)} at noon"
    assert quotations.names_in(text)
    assert quotations.without_names(text) == "took [erased] at noon"


def test_a_short_name_counts_only_between_quotes_or_after_a_slash() -> None:
    quotations = Quotations([], ["a.txt"])
    assert quotations.without_names('["a.txt", "ba.txt"]') == '["[erased]", "ba.txt"]'
    assert quotations.without_names("/in/a.txt data.txt") == "/in/[erased] data.txt"
