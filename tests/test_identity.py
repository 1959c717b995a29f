"""Any address of an article is one number and one canonical address; everything else is None."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.identity import article_id, article_number, canonical_url, creation_date
from newscrawl.spiders.newspim import NEWSPIM

NUMBER = "20260911000123"
CANONICAL = f"https://www.newspim.com/news/view/{NUMBER}"
HOSTS = ("www.", "", "m.", "ir.", "member.", "search.", "gam.")
PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=400)


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host or "bare")
@pytest.mark.parametrize(
    "path", ["/news/view/{}", "/newsamp/view/{}", "/anda/view/{}", "/news/view.jsp?newsId={}", "/view.jsp?newsId={}"]
)
def test_every_form_on_every_host_is_one_number(scheme: str, host: str, path: str) -> None:
    assert article_number(f"{scheme}://{host}newspim.com{path.format(NUMBER)}", NEWSPIM) == NUMBER


@pytest.mark.parametrize(
    "url",
    [
        f"{CANONICAL}/",
        f"{CANONICAL}//",
        f"{CANONICAL}?",
        f"{CANONICAL}#",
        f"{CANONICAL}#comments",
        f"{CANONICAL}/?ref=naver#top",
        f"{CANONICAL}?utm_source=a&utm_medium=b&utm_campaign=c",
        f"{CANONICAL}?fbclid=IwAR0xyz",
        f"{CANONICAL}?ref=20260911000999",
        f"{CANONICAL}?url=/news/view/20260911000999",
        f"https://www.newspim.com/view.jsp?newsId={NUMBER}&utm_source=a#top",
        f"https://www.newspim.com/view.jsp?utm_source=a&newsId={NUMBER}",
        f"https://www.newspim.com//news//view/{NUMBER}",
        f"HTTPS://WWW.NEWSPIM.COM/news/view/{NUMBER}",
        f"http://Www.Newspim.Com/news/view/{NUMBER}",
        f"https://www.newspim.com:443/news/view/{NUMBER}",
        f"http://www.newspim.com:80/news/view/{NUMBER}",
        f"http://www.newspim.com:/news/view/{NUMBER}",
        f"https://www.newspim.com./news/view/{NUMBER}",
        f" \n{CANONICAL}\t",
    ],
)
def test_what_is_around_the_number_changes_nothing(url: str) -> None:
    assert article_number(url, NEWSPIM) == NUMBER


@pytest.mark.parametrize(
    "url",
    [
        # hosts that serve no articles
        f"https://mem.newspim.com/news/view/{NUMBER}",
        f"https://mem.newspim.com/login?returnUrl={CANONICAL}",
        f"https://rss.newspim.com/news/view/{NUMBER}",
        f"https://img.newspim.com/news/view/{NUMBER}",
        "https://img.newspim.com/news/2026/09/11/2609110001230_w.jpg",
        f"https://img.newspim.com/news/{NUMBER}.jpg",
        f"https://ad.newspim.com/news/view/{NUMBER}",
        f"https://monthly.newspim.com/news/view/{NUMBER}",
        # other sites, and those that look like it
        f"https://www.newspim.com.evil.com/news/view/{NUMBER}",
        f"https://newspim.com.evil.com/news/view/{NUMBER}",
        f"https://wwwnewspim.com/news/view/{NUMBER}",
        f"https://notnewspim.com/news/view/{NUMBER}",
        f"https://newspim.co/news/view/{NUMBER}",
        f"https://www.newspim.com@evil.com/news/view/{NUMBER}",
        f"https://www.newspim.com:pw@evil.com/news/view/{NUMBER}",
        f"https://evil.com/www.newspim.com/news/view/{NUMBER}",
        f"https://evil.com/?u={CANONICAL}",
        f"https://evil.com#{CANONICAL}",
        f"https://evil.com#@www.newspim.com/news/view/{NUMBER}",
        f"https://evil.com\\.newspim.com/news/view/{NUMBER}",
        f"https://ｗｗｗ.newspim.com.evil.com/news/view/{NUMBER}",
        f"https://www.newspim.com:8080/news/view/{NUMBER}",
        f"https://www.newspim.com:99999/news/view/{NUMBER}",
        f"https://www.newspim.com:x/news/view/{NUMBER}",
        f"https://[::1]/news/view/{NUMBER}",
        f"https://[www.newspim.com/news/view/{NUMBER}",
        # no address of the web, or not absolute
        f"javascript:location='{CANONICAL}'",
        f"mailto:chk@newspim.com?subject={CANONICAL}",
        f"data:text/html,{CANONICAL}",
        f"ftp://www.newspim.com/news/view/{NUMBER}",
        f"file:///news/view/{NUMBER}",
        f"/news/view/{NUMBER}",
        f"//www.newspim.com/news/view/{NUMBER}",
        NUMBER,
        # pages of the site that are no articles
        "https://www.newspim.com/",
        "https://www.newspim.com/news/view/",
        "https://www.newspim.com/news/lists?category_cd=101&page=20",
        f"https://www.newspim.com/news/lists?category_cd={NUMBER}",
        f"https://www.newspim.com/search?searchword={NUMBER}",
        f"https://www.newspim.com/login?next=/news/view/{NUMBER}",
        f"https://www.newspim.com/news/print/{NUMBER}",
        f"https://www.newspim.com/news/preview/{NUMBER}",
        f"https://www.newspim.com/news/view/{NUMBER}/print",
        f"https://www.newspim.com/view.jsp?xnewsId={NUMBER}",
        f"https://www.newspim.com/view.jsp?id=1#newsId={NUMBER}",
        f"https://www.newspim.com/xview.jsp?newsId={NUMBER}",
        # no number, and no day
        "https://www.newspim.com/news/view/2026091100012",
        f"https://www.newspim.com/news/view/{NUMBER}4",
        f"https://www.newspim.com/view.jsp?newsId={NUMBER}4",
        f"https://www.newspim.com/news/view/{NUMBER}abc",
        "https://www.newspim.com/news/view/20260230000123",
        "https://www.newspim.com/news/view/20261301000123",
        "https://www.newspim.com/news/view/20260900000123",
        "https://www.newspim.com/news/view/00000000000000",
        "https://www.newspim.com/news/view/99999999999999",
        "https://www.newspim.com/news/view/２０２６０９１１０００１２３",
        "https://www.newspim.com/news/view/٢٠٢٦٠٩١١٠٠٠١٢٣",
        "",
    ],
)
def test_anything_else_is_no_article(url: str) -> None:
    assert article_number(url, NEWSPIM) is None


@pytest.mark.parametrize("slash", ["\\", "\\\\"])
def test_a_backslash_ends_the_host_as_in_browsers(slash: str) -> None:
    """WHATWG URL, 4.4: in http(s) addresses a backslash is a slash, so that what follows it is a path on evil.com."""
    assert article_number(f"https://evil.com{slash}@www.newspim.com/news/view/{NUMBER}", NEWSPIM) is None


@PROPERTY
@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_raises(before: str, after: str) -> None:
    for url in (
        f"{before}{NUMBER}{after}",
        f"https://{before}/news/view/{NUMBER}{after}",
        f"{before}{CANONICAL}{after}",
    ):
        assert article_number(url, NEWSPIM) in (None, NUMBER)


@PROPERTY
@given(st.binary(max_size=60))
def test_no_bytes_read_as_text_raise(data: bytes) -> None:
    article_number(data.decode("utf-8", "surrogateescape") + NUMBER, NEWSPIM)
    article_number(f"http://{data.decode('latin-1')}:{NUMBER}/", NEWSPIM)


@PROPERTY
@given(
    st.dates(date(1995, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999_999),
    st.sampled_from(HOSTS),
    st.sampled_from(["", "/", "?a=b", "#c"]),
)
def test_the_canonical_address_has_the_same_number(day: date, nth: int, host: str, tail: str) -> None:
    number = f"{day:%Y%m%d}{nth:06d}"
    found = article_number(f"http://{host}newspim.com/news/view/{number}{tail}", NEWSPIM)
    assert found == number
    canonical = canonical_url(found, NEWSPIM)
    assert canonical == f"https://www.newspim.com/news/view/{number}"
    assert article_number(canonical, NEWSPIM) == number


def test_the_id_of_the_record_names_its_source() -> None:
    assert article_id(NUMBER, NEWSPIM) == f"newspim:{NUMBER}"


def test_the_number_begins_with_the_day_of_creation() -> None:
    assert creation_date("20190911000520") == date(2019, 9, 11)


def test_the_leap_day_exists_in_leap_years_only() -> None:
    assert creation_date("20240229000001") == date(2024, 2, 29)
    assert creation_date("20230229000001") is None


@pytest.mark.parametrize("number", ["", "2026", "abcdefgh000001", "20260010000001", "18991231000001", "99990101000001"])
def test_a_number_without_a_sane_day_has_none(number: str) -> None:
    assert creation_date(number) is None
