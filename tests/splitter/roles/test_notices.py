"""Paywalls, links to the rest, corrections and page numbers, in many languages and as variants."""

import pytest

from include.splitter.split import split_pages
from tests.splitter.conservation import table
from tests.splitter.roles.test_set_apart import BODY

HEAD = "Why the ferry at Ardenport is always early"
PAYWALLS = (
    "This article is for subscribers only.",
    "Subscribe to continue reading",
    "Want to keep reading? Log in.",
    "To read the full story, subscribe or sign in.",
    "This content is available exclusively to our members.",
    "You've reached your limit of free articles this month.",
    "The rest of this article is behind a paywall.",
    "Create a free account to continue reading",
    "Enjoying the story? Subscribe now to keep reading.",
    "Unlock this article for one crown",
    "Become a subscriber to read the rest of this report",
    "Dieser Artikel ist exklusiv für Abonnenten.",
    "Jetzt abonnieren und weiterlesen",
    "Nur für Abonnentinnen und Abonnenten",
    "Melden Sie sich an, um weiterzulesen.",
    "Weiterlesen mit Norvan Plus",
    "Sie möchten den ganzen Artikel lesen?",
    "Um diesen Artikel zu lesen, benötigen Sie ein Abo.",
    "Der vollständige Artikel ist Abonnenten vorbehalten.",
    "Cet article est réservé aux abonnés.",
    "Il vous reste 75.3% de cet article à lire. La suite est réservée aux abonnés.",
    "Abonnez-vous pour lire la suite",
    "Pour continuer à lire, connectez-vous.",
    "Réservé à nos abonnés",
    "Este contenido es exclusivo para suscriptores",
    "Suscríbete para seguir leyendo",
    "¿Quieres seguir leyendo? Inicia sesión",
    "Para continuar leyendo, regístrate.",
    "Solo para suscriptores",
    "Questo articolo è riservato agli abbonati",
    "Abbonati per continuare a leggere",
    "Per proseguire la lettura accedi",
    "Contenuto riservato agli abbonati",
    "Este conteúdo é exclusivo para assinantes",
    "Assine para continuar lendo",
    "Para continuar a ler, inicie sessão",
    "Dit artikel is alleen voor abonnees",
    "Word abonnee om verder te lezen",
    "Alleen voor abonnees",
    "Wil je verder lezen?",
    "Этот материал доступен только подписчикам",
    "Оформите подписку, чтобы читать дальше",
    "Чтобы продолжить чтение, войдите",
    "Treść dostępna tylko dla prenumeratorów",
    "Zaloguj się, aby czytać dalej",
    "Pouze pro předplatitele",
    "Přihlaste se a pokračujte ve čtení",
    "Endast för prenumeranter",
    "Logga in för att läsa vidare",
    "Denne saken er kun for abonnenter",
    "Kun for abonnenter",
    "Vain tilaajille",
    "Tilaa ja jatka lukemista",
    "Csak előfizetőknek",
    "Fizessen elő, és olvassa tovább",
    "Samo za pretplatnike",
    "Pretplatite se i nastavite čitati",
    "この記事は会員限定です。",
    "続きを読むにはログインしてください",
    "本文仅限会员阅读",
    "登录后继续阅读",
    "이 기사는 유료 회원만 볼 수 있습니다",
    "هذا المقال متاح للمشتركين فقط",
    "Okumaya devam etmek için abone olun",
)
NO_PAYWALLS = (
    "The paper has lost half of its subscribers since the war.",
    "You have read 1 of your 3 free articles.",
    "Already a subscriber? Log in",
    "Sign up to our newsletter",
    "Sie können den Newsletter jederzeit abbestellen.",
    "Regístrate o inicia sesión para seguir tus temas favoritos.",
    "Members of the council were told to read the report.",
    "Reading to continue was all she asked for.",
    "Cette fonction est réservée au maire.",
)
MORE = (
    "Read more",
    "Continue reading →",
    "Read the full story",
    "Weiterlesen",
    "Lire la suite »",
    "Seguir leyendo",
    "Leggi tutto",
    "Leia mais",
    "Lees verder",
    "Читать далее",
    "Czytaj dalej",
    "Číst dále",
    "Lue lisää",
    "Bővebben",
    "Pročitaj više",
    "続きを読む",
    "阅读全文",
    "اقرأ المزيد",
)
CORRECTIONS = (
    "Correction, 6 March 2026: An earlier version of this article gave the wrong number of piers.",
    "Correction (March 6): There are eleven piers, not twelve as we wrote.",
    "CLARIFICATION: The mayor spoke on Monday.",
    "Editor's note: This story has been updated to include a statement from the railway.",
    "Editor’s Note — The name was changed.",
    "This article was updated on Tuesday to add the answer of the harbour board.",
    "An earlier version of this story misspelled the name of the harbour master.",
    "Anmerkung der Redaktion: In einer früheren Version hieß es, die Brücke habe zwölf Pfeiler.",
    "Korrektur: Die Brücke hat elf Pfeiler, nicht zwölf.",
    "In einer früheren Fassung dieses Artikels stand ein falsches Datum.",
    "Dieser Artikel wurde am 6. März aktualisiert.",
    "Note de la rédaction : le nom du maire a été corrigé.",
    "Une première version de cet article donnait un chiffre faux.",
    "Fe de errores: el puente tiene once pilares.",
    "Nota de la redacción: Este artículo ha sido actualizado.",
    "Una versión anterior de este artículo citaba mal al alcalde.",
    "Rettifica: i piloni sono undici, non dodici.",
    "Nota da redação: o texto foi corrigido.",
    "Erramos: são onze pilares, e não doze.",
    "Uma versão anterior deste texto dizia doze pilares.",
    "Naschrift: de brug telt elf pijlers.",
    "In een eerdere versie van dit artikel stond twaalf.",
    "Поправка: у моста одиннадцать опор.",
    "От редакции: в предыдущей версии текста была ошибка.",
    "Sprostowanie: most ma jedenaście filarów.",
    "Oprava: Most má jedenáct pilířů.",
    "Rättelse: Bron har elva pelare.",
    "Rettelse: Broen har elleve piller.",
    "Oikaisu: Sillassa on yksitoista pilaria.",
    "Helyesbítés: a hídnak tizenegy pillére van.",
    "Ispravak: most ima jedanaest stupova.",
    "訂正：橋脚は十一本です。",
    "更正：桥墩为十一个。",
)
PAGES = (
    "Page 2 of 3",
    "PAGE 2/3",
    "Seite 2 von 3",
    "Página 2 de 3",
    "Pagina 2 di 3",
    "Страница 2 из 3",
    "Strona 2 z 3",
    "Sivu 2/3",
    "2/3",
    "2 of 3",
    "2. oldal",
    "第2页",
    "2ページ目",
    "- 2 / 3 -",
    "Page 2",
)


def read(*blocks: str) -> tuple[list[dict[str, object]], dict[str, str]]:
    """Split one page; give its stories, and the role of each block that is not body."""
    text = "\n\n".join(blocks)
    split = split_pages(table(text))
    stories = split.stories.to_pylist()
    roles = {c["text"]: f"{c['role']}: {c['reason']}" for c in split.chrome.to_pylist()}
    for story in stories:
        for span in story["other_spans"]:
            roles[text[span["start"] : span["end"]]] = span["role"]
    return stories, roles


@pytest.mark.parametrize("line", PAYWALLS)
def test_a_paywall_below_the_text_is_a_part_of_its_story(line: str) -> None:
    (story,), roles = read(HEAD, *BODY, line, "Choose your plan")
    assert str(story["body"]).split("\n\n") == list(BODY)
    assert roles[line] == "paywall"


@pytest.mark.parametrize("line", NO_PAYWALLS)
def test_other_talk_of_subscribers_is_no_paywall(line: str) -> None:
    (_,), roles = read(HEAD, *BODY, line)
    assert roles.get(line) != "paywall"


def test_a_paywall_above_the_headline_counts_and_prices_below_it_are_chrome() -> None:
    price = "Digital: 1 crown for the first month, then 9 crowns a month. Cancel anytime."
    (story,), roles = read(
        "This article is for subscribers only", HEAD, *BODY, "Subscribe to read on", price
    )
    assert roles["This article is for subscribers only"] == "paywall"
    assert price not in str(story["body"])


def test_a_paywall_belongs_to_the_story_above_it_alone() -> None:
    bakers = (
        "The bakers of Vorrin will not light their ovens this week either, their guild said on "
        "Sunday night. Flour has become dearer by a third since the mills at Kestle burned.",
        "“We bake at a loss,” said Petra Lindqvist, who has run the shop by the church for "
        "twenty years. Rolls from the next valley were sold out by seven in the morning.",
        "The guild and the millers are to meet again on Friday. Until then the school kitchens "
        "will serve porridge, which the children are said to like no better than before.",
    )
    strike = "Bakers of Vorrin go on strike for the second week"
    stories, _ = read(HEAD, *BODY, "Subscribe to continue reading\n\n\n", strike, *bakers)
    walled = [any(s["role"] == "paywall" for s in story["other_spans"]) for story in stories]
    assert walled == [True, False]


@pytest.mark.parametrize("line", MORE)
def test_a_link_to_the_rest_is_a_part_of_the_story_above(line: str) -> None:
    (story,), roles = read(HEAD, *BODY, line)
    assert roles[line] == "read_more"
    assert str(story["body"]).split("\n\n") == list(BODY)


def test_a_link_above_a_list_heads_other_stories() -> None:
    _, roles = read(HEAD, *BODY, "Read more\n• Bakers go on strike\n• Bell returned to the tower")
    assert roles["Read more"].startswith("navigation")


@pytest.mark.parametrize("line", CORRECTIONS)
@pytest.mark.parametrize("above", [True, False], ids=["above", "below"])
def test_corrections_are_set_aside_alike(line: str, above: bool) -> None:
    (story,), roles = read(HEAD, line, *BODY) if above else read(HEAD, *BODY, line)
    assert roles[line] == "correction"
    assert str(story["body"]).split("\n\n") == list(BODY)


def test_the_text_below_a_label_is_the_correction() -> None:
    note = "There are eleven piers, not twelve, and the mayor spoke on Monday in the town hall."
    (story,), roles = read(HEAD, *BODY, "Correction: December 20, 2023:", note)
    assert roles[note] == "correction"
    assert note not in str(story["body"])


@pytest.mark.parametrize(
    "line",
    [
        "Corrections officers found the bell in a barn near Quell on Monday, and nobody minds.",
        "The correction was small: eleven piers and not twelve, said the mayor on Tuesday.",
        "Note that the ferry leaves at noon on Sundays, and that dogs must be on a lead then.",
    ],
)
def test_prose_about_corrections_is_body(line: str) -> None:
    (story,), _ = read(HEAD, BODY[0], line, *BODY[1:])
    assert line in str(story["body"])


def test_the_day_of_the_first_publication_dates_the_story() -> None:
    line = "This story was originally published on 4 March 2026."
    (story,), roles = read(HEAD, *BODY, line)
    assert roles[line] == "dateline"
    assert str(story["published_at"]).startswith("2026-03-04")


@pytest.mark.parametrize("mark", PAGES)
@pytest.mark.parametrize("again", ["Next page", HEAD, "The second half"])
def test_the_pages_of_an_article_are_one_story(mark: str, again: str) -> None:
    more = [p.replace("Morwick", "Vorrin").replace("94", "712") for p in BODY]
    (story,), roles = read(HEAD, *BODY, again, mark, *more)
    assert roles[mark] == "navigation: counts the pages of an article, or leads to another"
    assert str(story["body"]).split("\n\n") == [*BODY, *more]


@pytest.mark.parametrize("mark", PAGES[:3])
def test_the_headline_below_a_page_number_starts_no_story(mark: str) -> None:
    more = [p.replace("Morwick", "Vorrin").replace("94", "712") for p in BODY]
    (story,), roles = read(HEAD, *BODY, mark, HEAD, *more)
    assert roles[HEAD] == "navigation: repeats a line on a later page of the article"
    assert len(str(story["body"]).split("\n\n")) == 2 * len(BODY)


@pytest.mark.parametrize(
    ("tail", "role"),
    [
        ("Subscribe to continue reading.", "paywall"),
        ("This article is for subscribers only. Log in to keep reading.", "paywall"),
        ("Jetzt abonnieren und weiterlesen", "paywall"),
        ("Suscríbete para seguir leyendo", "paywall"),
        ("Read more »", "read_more"),
        ("Weiterlesen →", "read_more"),
        ("Lire la suite", "read_more"),
    ],
)
def test_a_notice_at_a_paragraphs_end_is_cut_off(tail: str, role: str) -> None:
    (story,), roles = read(HEAD, *BODY[:-1], f"{BODY[-1]} {tail}")
    assert roles[tail] == role
    assert str(story["body"]).split("\n\n") == list(BODY)


@pytest.mark.parametrize(
    "end",
    ["He was told to subscribe to read the rest of the report.", "Nobody wanted to read on."],
)
def test_a_sentence_of_the_story_is_not_cut_off(end: str) -> None:
    (story,), _ = read(HEAD, *BODY[:-1], f"{BODY[-1]} {end}")
    assert str(story["body"]).endswith(end)
