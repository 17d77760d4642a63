"""Press releases are whole, with their headings and contacts named; writers are no text."""

import pytest

from tests.splitter.roles.test_notices import HEAD, read
from tests.splitter.roles.test_set_apart import BODY

RELEASE = "Brackwater Zinc Announces Start of its Drill Programme"
FIRST = (
    "{} Brackwater Zinc Corp. is pleased to announce that drilling has begun at its wholly owned "
    "Osgood Bay property, and that the crew is on site."
)
OPENINGS = (
    "ARDENPORT, March 3, 2026 (GLOBAL WIRE) --",
    "ARDENPORT, Norvan, March 3, 2026 /NV Newswire/ --",
    "ARDENPORT – 3 March 2026 –",
    "Ardenport, 3. März 2026 –",
    "ARDENPORT, le 3 mars 2026 (Fil Norvan) –",
    "Ardenport (ots) -",
    "ARDENPORT, 3 de marzo de 2026 /Norvan/ --",
)
GLANCE = (
    "Drill Programme at a Glance\nThe programme comprises twelve holes totalling 4,800 metres and "
    "is expected to take eleven weeks."
)
QUOTE = (
    "“This is the day we have waited for,” said Rufus Ashdown, Chief Executive Officer. “The crew "
    "is on site, the kettle is on, and the first core is out of the ground.”"
)
ABOUT = (
    "About Brackwater Zinc Corp.\nBrackwater is an exploration company with interests in three "
    "counties of the north."
)
LOOKING = (
    "Forward-Looking Statements\nThis release contains forward-looking statements that involve "
    "risks and uncertainties. Actual results may differ materially from those anticipated."
)
CONTACTS = (
    "For further information, please contact:\nNell Corrigan, Investor Relations\n"
    "Tel: +00 000 000 000\nEmail: ir@brackwater.invalid",
    "Media contact\nNell Corrigan\nPhone: +00 (0)00 000-000\nir@brackwater.invalid",
    "Pressekontakt:\nNell Corrigan\nTelefon: 000 / 000000\nE-Mail: ir@brackwater.invalid",
    "Contact presse :\nNell Corrigan\nTél. : 00 00 00 00 00\nCourriel : ir@brackwater.invalid",
)
BOXES = (
    "Hugo Vance is a reporter on the Saltby desk. He writes about museums, trams and weather.",
    "Hugo Vance writes about museums, trams and weather for the Saltby Mail. Follow him there.",
    "About the author: Hugo Vance is a freelance writer who lives in Saltby with a parrot.",
    "Hugo Vance ist Redakteur im Ressort Lokales. Er schreibt über Museen und das Wetter.",
    "Petra Lindqvist est journaliste au bureau de Saltby. Elle écrit sur les musées.",
    "Petra Lindqvist es periodista de la redacción de Saltby. Escribe sobre museos y tranvías.",
    "Petra Lindqvist è una giornalista della redazione di Saltby, e scrive di musei e di tram.",
)


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize("contact", CONTACTS[:1] + CONTACTS[2:3])
def test_a_release_is_one_whole_story(opening: str, contact: str) -> None:
    first = FIRST.format(opening)
    (story,), roles = read(RELEASE, first, GLANCE, QUOTE, ABOUT, contact, LOOKING)
    assert story["headline"] == RELEASE
    paragraphs = [first, *(block.split("\n")[-1] for block in (GLANCE, QUOTE, ABOUT, LOOKING))]
    assert str(story["body"]).split("\n\n") == paragraphs
    assert roles["About Brackwater Zinc Corp."] == "subhead"
    assert roles["Forward-Looking Statements"] == "subhead"
    assert {roles[line] for line in contact.split("\n")} == {"contact"}


@pytest.mark.parametrize("contact", CONTACTS)
def test_contacts_below_the_text_are_named_and_no_text(contact: str) -> None:
    (story,), roles = read(HEAD, *BODY, contact)
    assert str(story["body"]).split("\n\n") == list(BODY)
    assert {roles[line] for line in contact.split("\n")} == {"contact"}


@pytest.mark.parametrize("box", BOXES)
def test_a_box_about_the_writer_is_no_text(box: str) -> None:
    (story,), roles = read(HEAD, *BODY, box)
    assert roles[box] == "author"
    assert str(story["body"]).split("\n\n") == list(BODY)


@pytest.mark.parametrize(
    "line",
    [
        "Hugo Vance is a writer of detective novels who moved to the island after the war ended.",
        "Anyone with information should call 000 000 or write to the harbour board in Ardenport.",
    ],
)
def test_people_in_a_story_are_its_text(line: str) -> None:
    (story,), _ = read(HEAD, BODY[0], line, *BODY[1:])
    assert line in str(story["body"])


def test_two_reports_of_one_agency_are_two_stories() -> None:
    opening = "VORRIN, March 3 (Norvan) - The government of the province said on Tuesday that "
    first = f"{opening}the miller would rather sell flour than opinions until the sluice is mended."
    second = f"{opening}the harbour master keeps a list of every boat that has come in late."
    stories, _ = read(
        "Bakers of Vorrin go on strike", first, BODY[0], "Ferry leaves early again", second, BODY[1]
    )
    assert [s["headline"] for s in stories] == [
        "Bakers of Vorrin go on strike",
        "Ferry leaves early again",
    ]
