"""The items of a column are stories of their own: obituaries, briefs."""

import pytest

from include.splitter.split import split_pages
from tests.splitter.conservation import table

COLUMNS = {
    "en": (
        (
            "Marrow, Ida Jane",
            "Ida Jane Marrow, 87, of Tolvik, died on 2 March 2026 at home. Born in "
            "Quell, she kept the post office for forty years. A service will be held "
            "on Saturday.",
        ),
        (
            "Fenn, Tobias",
            "Tobias Fenn, 91, of Saltby, passed away on 3 March after a short "
            "illness. He was a ferryman and the last man to leave the island of Wend."
            " No flowers, please.",
        ),
        (
            "Holloway, Greta",
            "Greta Holloway, 64, of Kestle, died in Ardenport. She taught mathematics"
            " at the harbour school and founded its chess club. Friends may call on "
            "Friday.",
        ),
    ),
    "de": (
        (
            "Ida Marrow",
            "Ida Marrow aus Tolvik ist am 2. März im Alter von 87 Jahren gestorben. "
            "Vierzig Jahre lang führte sie die Post im Dorf, und jeder kannte ihre "
            "Katze.",
        ),
        (
            "Tobias Fenn",
            "Tobias Fenn, der letzte Fährmann von Saltby, verstarb am Dienstag nach "
            "kurzer Krankheit. Er spielte Posaune und verließ die Insel als Letzter.",
        ),
    ),
    "fr": (
        (
            "Ida Marrow",
            "Ida Marrow, de Tolvik, est décédée le 2 mars à l’âge de 87 ans. Elle "
            "avait tenu le bureau de poste du village pendant quarante ans.",
        ),
        (
            "Tobias Fenn",
            "Tobias Fenn, dernier passeur de Saltby, est mort mardi après une courte "
            "maladie. Il jouait du trombone et quitta l’île le dernier.",
        ),
    ),
    "ru": (
        (
            "Марроу Ида",
            "Ида Марроу из Толвика умерла 2 марта в возрасте 87 лет. Сорок лет она "
            "заведовала почтой, и каждый в деревне знал её кошку и её зонт.",
        ),
        (
            "Фенн Тобиас",
            "Тобиас Фенн, последний паромщик Солтби, скончался во вторник после "
            "короткой болезни. Он играл на тромбоне и покинул остров последним.",
        ),
    ),
    "briefs_en": (
        (
            "Bell returned",
            "The bell of Kestle was returned on Monday. It had been found in a barn "
            "near Quell by a farmer who was looking for his cat.",
        ),
        (
            "Mill sold",
            "The old mill was sold on Tuesday for one crown. The buyer, a baker from "
            "Saltby, has promised to repair the wheel.",
        ),
        (
            "Ferry early",
            "The night ferry left seven minutes early on Wednesday. Forty passengers "
            "were left on the quay and sang until morning.",
        ),
    ),
    "briefs_de": (
        (
            "Glocke zurück",
            "Die Glocke von Kestle ist seit Montag zurück. Ein Bauer hatte sie in "
            "einer Scheune gefunden, als er seine Katze suchte.",
        ),
        (
            "Mühle verkauft",
            "Die alte Mühle wurde am Dienstag für eine Krone verkauft. Der Käufer, "
            "ein Bäcker aus Saltby, will das Rad ausbessern.",
        ),
    ),
}
TITLES = {"briefs_en": "News in brief", "briefs_de": "Kurz notiert"}


@pytest.mark.parametrize("language", COLUMNS)
@pytest.mark.parametrize("is_titled", [False, True])
def test_each_item_is_a_story(language: str, is_titled: bool) -> None:
    needs_label = language.startswith("briefs")
    title = TITLES.get(language, "Obituaries: 5 March 2026")
    blocks = [title] if is_titled or needs_label else []
    for head, text in COLUMNS[language]:
        blocks += [head, text]
    stories = split_pages(table("\n\n".join(blocks))).stories.to_pylist()
    assert [(s["headline"], s["body"]) for s in stories] == list(COLUMNS[language])


def test_one_death_in_a_story_divides_nothing() -> None:
    head, text = COLUMNS["en"][0]
    page = "\n\n".join(["Tolvik mourns its postmistress", COLUMNS["en"][2][1], head, text])
    assert len(split_pages(table(page)).stories.to_pylist()) == 1
