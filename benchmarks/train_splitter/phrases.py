"""Invented bylines, dates, buttons and foot lines for synthetic pages, in some languages."""

from random import Random

WIDGETS = (
    ("TT",), ("TT", "20"), ("Share", "Save"), ("A-", "A", "A+"), ("Share",), ("Print", "Email"),
    ("Teilen",), ("+", "-"), ("Share", "Tweet", "Pin"), ("1", "Comments"), (),
)  # fmt: skip
CLOCKS = (
    "{h:02d}:{m:02d}", "{h}.{m:02d}", "{h:02d}.{m:02d} Uhr", "{h}:{m:02d} am", "{h}:{m:02d} pm",
    "{h:02d}:{m:02d} GMT",
)  # fmt: skip
MONTHS = (
    ("January", "Januar"), ("February", "Februar"), ("March", "März"), ("April", "April"),
    ("May", "Mai"), ("June", "Juni"), ("July", "Juli"), ("August", "August"),
    ("September", "September"), ("October", "Oktober"), ("November", "November"),
    ("December", "Dezember"),
)  # fmt: skip
NAMES = (
    "Anna Keller", "Tom Barrett", "Gavin Price", "Lucia Moreno", "K. Tanaka", "admin", "Redaktion",
    "Staff Reporter", "Ole Hansen", "M. Dupont", "Jane Okafor", "Petra Vogel",
)  # fmt: skip
SECTIONS = (
    "News", "Sport", "Politik", "Travel", "Allgemein", "Uncategorized", "World", "Culture",
    "Lokales", "Tech", "Business", "Wirtschaft", "Local", "Opinion", "Noticias", "Sucesos",
)  # fmt: skip
OUTLETS = ("Daily Post", "Sund Press", "Le Monde", "Die Zeit", "Isle Media", "The Herald")
AGES = ("a day ago", "2 hours ago", "3 days ago", "5 minutes ago", "an hour ago")
MORE = (
    "Related stories", "More news", "Mehr zum Thema", "Read next", "Leave A Reply", "3 Comments",
)  # fmt: skip
TAILS = (
    ("Hashtags",), ("Comments", "No comments yet...", "Related Articles"), ("Related Articles",),
    ("More from this outlet",),
)  # fmt: skip
FEET = (
    ("Posted in {s} | {n} Comments",), ("Veröffentlicht unter {s} | {n} Kommentare",),
    ("Read more",), ("Continue reading",), ("Tweet", "Share", "Like"), ("{n} Comments",),
    ("CONTINUE READING", "Show less"), ("Filed under: {s}, {s}",), ("Advertisement",),
    ("Tags: {s}, {s}",), ("Share this:", "Facebook", "Twitter"), ("###",), ("* * *",),
    ("Weiterlesen",), ("Posted in {s}", "Comments Off"), ("no responses.",),
)  # fmt: skip
METAS = (
    "By {name}", "{date}", "Posted on {date} by {name}", "Publiziert am {date} von {name}",
    "von {name}", "{name}", "{name} | {date}", "• {date} {clock}", "{date} - {clock}",
    "{name} {section}", "Posted by {name} at {clock}", "{n} minutes ago", "{age}",
    "Updated: {date}",
)  # fmt: skip
SOURCES = ("(dpa)", "Reuters", "AFP", "Source: {name}")


def tell_clock(chance: Random) -> str:
    """Give a time of day."""
    return chance.choice(CLOCKS).format(h=chance.randint(0, 23), m=chance.randint(0, 59))


def tell_date(chance: Random) -> str:
    """Give a date as English, German, Spanish, Japanese pages or machines write it."""
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(2005, 2025)
    english, german = MONTHS[month - 1]
    return chance.choice(
        (
            f"{english} {day}, {year}", f"{day}. {german} {year}", f"{day:02d}.{month:02d}.{year}",
            f"{year}-{month:02d}-{day:02d}", f"{english[:3]} {day}, {year}",
            f"{day} {english} {year}", f"{day} de mayo de {year}", f"{year}年{month}月{day}日",
        )
    )  # fmt: skip


def tell_meta(chance: Random) -> str:
    """Give a line that names the writer, the time, or both."""
    return chance.choice(METAS).format(
        name=chance.choice(NAMES), date=tell_date(chance), clock=tell_clock(chance),
        section=chance.choice(SECTIONS), n=chance.randint(2, 59), age=chance.choice(AGES),
    )  # fmt: skip


def tell_foot(chance: Random) -> list[str]:
    """Give the lines that stand below a story on its page."""
    section, count = chance.choice(SECTIONS), chance.randint(0, 40)
    return [line.format(s=section, n=count) for line in chance.choice(FEET)]
