"""The links of a web listing: each file once, under the name its writer gave; nothing else."""

import pytest

from include.storage.web_listing import find_links, name_below, normalise

HERE = "https://host/in/"


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("a.txt", "https://host/in/a.txt"),
        ("/in/a.txt#top", "https://host/in/a.txt"),
        ("HTTPS://HOST:443/in/a%2Etxt", "https://host/in/a.txt"),
        ("a b.txt", "https://host/in/a%20b.txt"),
        ("a%23b.txt", "https://host/in/a%23b.txt"),
        ("../out.txt", "https://host/out.txt"),
    ],
)
def test_a_link_leads_to_one_form_of_its_url(link: str, leads: str) -> None:
    assert find_links(HERE, f'<a class="x" href="{link}">x</a>') == [leads]


@pytest.mark.parametrize(
    "link", ["?C=N;O=D", "a.txt?x=1", "%2e%2e/a.txt", "b/%2E/a", "http://[", ""]
)
def test_a_link_that_asks_or_climbs_is_none(link: str) -> None:
    assert find_links(HERE, f"<a href='{link}'>x</a>") == []


def test_a_link_in_a_comment_or_a_script_is_none() -> None:
    page = "<!-- <a href='a'>x</a> --><script>'<a href=\"b\">'</script><a name=c>c</a>"
    assert find_links(HERE, page) == []


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://host/in/d%20e/%C3%BC%231.txt", "d e/ü#1.txt"),
        ("https://host/in/a%2Fb", "a%2Fb"),
        ("https://host/in/%FF", "\udcff"),
    ],
)
def test_a_name_is_the_link_unescaped_but_for_what_would_make_it_two(url: str, name: str) -> None:
    assert name_below(normalise(url), HERE) == name
