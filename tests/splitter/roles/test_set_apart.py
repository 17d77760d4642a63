"""Lines set apart: tables, pointers and consent text are recognised, prose like them is not."""

import polars as pl
import pytest

from include.splitter.lines.appearance import describe_appearance
from include.splitter.lines.lines import find_lines
from include.splitter.roles.set_apart import find_consent, find_pointers, find_table_rows
from include.splitter.split import split_pages
from tests.splitter.conservation import table

BODY = (
    "The council in Morwick agreed on Thursday to repair the old bridge before the winter floods "
    "arrive, and the mayor said that the work would begin as soon as the ferry was running again.",
    "Residents had complained for years that lorries were forced to take the long way round the "
    "bay. Owen Tarrant has lived beside the river all her life and remembers the great flood.",
    "The report runs to 94 pages and was written over two years by a team from three universities. "
    "What happens next depends on the court, which is expected to rule on the appeal in autumn.",
)
CONSENT = (
    "We and our 842 partners store and access information on a device, such as cookies, and "
    "process personal data for personalised advertising.",
    "Wir und unsere Partner verwenden Cookies auf Ihrem Gerät und verarbeiten personenbezogene "
    "Daten, wenn Sie uns Ihre Einwilligung geben.",
    "Nous et nos partenaires utilisons des cookies et des données personnelles avec votre "
    "consentement.",
)  # fmt: skip


def look(text: str) -> pl.DataFrame:
    page = pl.DataFrame({"page": pl.Series([0], dtype=pl.UInt32), "text": [text]})
    return describe_appearance(find_lines(page))


def stories(*blocks: str) -> list[dict[str, object]]:
    return split_pages(table("\n\n".join(blocks))).stories.to_pylist()


@pytest.mark.parametrize(
    "rows",
    [
        "Index\tClose\tChange\nArdenport 40\t1,204.16\t-9.71\nKestle Mills\t91.55\t-2.40",
        "Index | Close | Change\nArdenport 40 | 1,204.16 | -9.71\nKestle Mills | 91.55 | -2.40",
        "Index         Close   Change\nArdenport 40  204.16  -9.71\nKestle Mills  91.55   -2.40",
    ],
    ids=["tabs", "bars", "columns"],
)
def test_table_rows_stay_whole_beside_the_text_and_date_nothing(rows: str) -> None:
    looked = look(rows)
    assert find_table_rows(looked, looked["at"].to_numpy() * 0).all()
    (story,) = stories("Ardenport shares slip as grain prices rise", BODY[0], rows, *BODY[1:])
    assert story["dateline"] is None
    assert all(paragraph in str(story["body"]) for paragraph in BODY)
    assert [span["role"] for span in story["other_spans"]] == ["table"] * 3


@pytest.mark.parametrize(
    "rows",
    [
        "Tolvik 22 Vorrin 9\nQuell 3 Bessany 3\nOstreth 17 Pinford 12\nSaltby 15 Kestle 14",
        "Tolvik – Vorrin 3:1 (1:0)\nQuell – Bessany 0:0\nFC Ostreth – Pinford 2:4 (1:1)",
        "Tolvik 3-1 Vorrin\nQuell 0-0 Bessany",
        "Tolvik 22, Vorrin 9\n\nQuell 3, Bessany 3",
    ],
)
def test_results_of_matches_stand_whole_beside_the_text(rows: str) -> None:
    looked = look(rows)
    assert find_table_rows(looked, looked["at"].to_numpy() * 0).all()
    (story,) = stories("Results of the weekend", BODY[0], rows, *BODY[1:])
    assert {span["role"] for span in story["other_spans"]} == {"table"}
    assert str(story["body"]).split("\n\n") == list(BODY)


@pytest.mark.parametrize(
    "text",
    [
        "Home | News | Sport\nWeather | Travel | Food",
        "By Ida Marrow | 3 March 2026 | Harbour",
        "He said  it was 5 o'clock.  It was not.\nShe  said it was 6.  It was 7.",
    ],
    ids=["navigation", "byline", "justified prose"],
)
def test_other_lines_with_bars_and_gaps_are_no_table(text: str) -> None:
    looked = look(text)
    assert not find_table_rows(looked, looked["at"].to_numpy() * 0).any()


@pytest.mark.parametrize(
    "line",
    [
        "Also read: The village that moved uphill", "READ MORE: Why the ferry is always early",
        "► Related: Three villages claim the same ghost", "Also Read | Bakers go on strike",
        "Lesen Sie auch: Bäcker streiken", "Lire aussi : les boulangers en grève",
        "Czytaj też: Wielki powrót", "延伸阅读：面包师罢工",
    ],
)  # fmt: skip
def test_a_pointer_to_another_story_neither_cuts_nor_ends_the_story(line: str) -> None:
    assert find_pointers(look(line)).all()
    (story,) = stories("Ministry confirms the old mill will be sold", BODY[0], line, *BODY[1:])
    assert str(story["body"]).split("\n\n") == list(BODY)


@pytest.mark.parametrize(
    "line", ["Related cases were heard in Kestle.", "See also the cathedral", "• Related: 打胜仗"]
)
def test_other_uses_of_the_words_are_no_pointers(line: str) -> None:
    assert not find_pointers(look(line)).any()


@pytest.mark.parametrize("consent", CONSENT)
def test_consent_text_above_a_story_is_legal(consent: str) -> None:
    assert find_consent(look(consent)).all()
    (story,) = stories("We value your privacy", consent, "AGREE", "Ferry returns", *BODY)
    assert "ookies" not in str(story["body"])
    assert story["headline"] == "Ferry returns"


def test_an_article_on_cookies_is_no_consent_text() -> None:
    article = (
        "The court ruled that cookies need the consent of users, and that partners of a site may "
        "not store personal data on a device without it. “We use cookies with consent,” it said."
    )
    assert not find_consent(look(article)).any()
