"""Feeds and sitemaps, as sites send them and as an enemy would, give the articles that they name and nothing else."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.korean import KST
from newscrawl.syndication import (
    Entry,
    Feed,
    NotAFeed,
    NotASitemap,
    Part,
    Sitemap,
    read_feed,
    read_sitemap,
    sitemaps_of_robots,
)
from newscrawl.syndication.moments import moment
from tests.hostile import HOSTILE

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=300)
FEED = "http://rss.newspim.com/news/category/1"
SITEMAP = "https://www.newspim.com/sitemap/recent/all_1"
A = "http://www.newspim.com/news/view/20261120000123"
B = "http://www.newspim.com/news/view/20261120000124"
TIME = datetime(2026, 11, 20, 13, 40, 5, tzinfo=KST)
NEWS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def item(url: str = A, date: str = "Fri, 20 Nov 2026 13:40:05 +0900", title: str = "코스피 상승 마감") -> str:
    return (
        f"<item><title>{title}</title><link>{url}</link><author>최현민 기자</author><pubDate>{date}</pubDate>"
        "<description><![CDATA[<p>[서울=뉴스핌] 최현민 기자 = 코스피가 올랐다.<br>]]></description></item>\n"
    )


def rss(items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>\n') -> str:
    return f'{head}<rss version="2.0"><channel><title>뉴스핌</title><link>/</link>{items}</channel></rss>\n'


def atom(entry: str, base: str = "") -> str:
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"{base}><link href="/"/>{entry}</feed>'


def urlset(urls: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> str:
    return f"{head}<urlset {NEWS}>{urls}</urlset>\n"


def url(loc: str = A, more: str = "") -> str:
    return f"<url><loc>{loc}</loc>{more}</url>"


def news(date: str) -> str:
    return f"<news:news><news:publication_date>{date}</news:publication_date><news:title>제목</news:title></news:news>"


def feed(text: str | bytes, base: str = FEED) -> Feed:
    return read_feed(text.encode() if isinstance(text, str) else text, base)


def sitemap(text: str | bytes) -> Sitemap:
    return read_sitemap(text.encode() if isinstance(text, str) else text, SITEMAP)


# Times


@pytest.mark.parametrize(
    "text",
    [
        "Fri, 20 Nov 2026 13:40:05 +0900",
        "Fri, 20 Nov 2026 04:40:05 GMT",
        "Fri, 20 Nov 2026 04:40:05 -0000",
        "Thu, 19 Nov 2026 23:40:05 EST",
        "Thu, 19 Nov 2026 20:40:05 pst",
        "Fri, 20 Nov 2026 13:40:05 KST",
        "Fri, 20 Nov 2026 04:40:05 Z",
        "Fri, 20 Nov 2026 13:40:05 +09:00",
        "Fri, 20 Nov 2026 13:40:05+0900",
        "Fri, 20 Nov 2026 13:40:05 +0900 (KST)",
        "Fri, 20 Nov 2026 13:40:05",
        "Mon, 20 Nov 2026 13:40:05 +0900",
        "금, 20 Nov 2026 13:40:05 +0900",
        "Friday, 20 November 2026 13:40:05 +0900",
        "20 Nov 2026 13:40:05 +0900",
        "20 Nov 26 13:40:05 +0900",
        "Fri,20 Nov 2026 13:40:05 +0900",
        "Fri, 20-Nov-2026 13:40:05 KST",
        "2026-11-20 13:40:05",
        "2026-11-20T13:40:05+09:00",
        "2026-11-20T13:40:05+0900",
        "2026-11-20 13:40:05 +0900",
        "2026-11-20T04:40:05Z",
        "2026-11-20t04:40:05z",
        "2026-11-19T20:40:05-08:00",
        "2026.11.20 13:40:05",
        "2026. 11. 20. 13:40:05",
        "2026/11/20 13:40:05",
    ],
)
def test_a_time_is_read_in_each_form_that_is_in_use(text: str) -> None:
    found = moment(text, KST)
    assert found == TIME
    assert found.utcoffset() == timedelta(hours=9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Fri, 20 Nov 2026 13:40 +0900", TIME.replace(second=0), id="no seconds"),
        pytest.param("2026-11-20 13:40", TIME.replace(second=0), id="no seconds, no zone"),
        pytest.param("2026-11-20T13:40:05.5+09:00", TIME.replace(microsecond=500_000), id="one digit of a second"),
        pytest.param("2026-11-20T13:40:05.123456789+09:00", TIME.replace(microsecond=123_456), id="nine digits"),
        pytest.param("Fri, 20 Nov 2026 13:40:60 +0900", TIME.replace(second=59), id="leap second"),
        pytest.param("Sun, 1 Nov 2026 9:05:00 +0900", datetime(2026, 11, 1, 9, 5, tzinfo=KST), id="one digit"),
    ],
)
def test_a_time_is_as_exact_as_it_was_given(text: str, expected: datetime) -> None:
    assert moment(text, KST) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-20",
        "Fri, 20 Nov 2026",
        "20261120134005",
        "어제",
        "1시간 전",
        "2026-13-20 13:40:05",
        "2026-11-31 13:40:05",
        "Fri, 20 Foo 2026 13:40:05 +0900",
        "Fri, 20 Nov 2026 25:40:05 +0900",
        "Fri, 20 Nov 2026 13:40:05 CET",
        "Fri, 20 Nov 2026 13:40:05 +9900",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "2026-11-20T13:40:05+09:00 " + "x" * 9_000,
        "٢٠٢٦-١١-٢٠ ١٣:٤٠:٠٥",
    ],
)
def test_what_makes_no_sense_is_no_time(text: str) -> None:
    assert moment(text, KST) is None


def test_a_time_without_a_zone_is_that_of_the_zone_given() -> None:
    text = rss(item(date="2026-11-20 13:40:05"))
    (entry,) = read_feed(text.encode(), FEED, timezone(timedelta(hours=8))).entries
    assert entry.published_at == TIME + timedelta(hours=1)


@PROPERTY
@given(st.text("0123456789 :,-+TZ.()NovFri금KSTGMT", max_size=40))
def test_no_text_is_too_odd_to_be_a_time(text: str) -> None:
    found = moment(text, UTC)
    assert found is None or found.tzinfo is UTC


# Feeds


def test_a_feed_names_its_articles_in_order_with_their_times() -> None:
    found = feed(rss(item() + item(B, "Fri, 20 Nov 2026 04:40:05 GMT")))
    assert found == Feed([Entry(A, TIME), Entry(B, TIME)], truncated=False)
    assert all(entry.published_at and entry.published_at.utcoffset() == timedelta(hours=9) for entry in found.entries)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"<link>\n\t {A}\r\n </link>", A, id="white space around"),
        pytest.param(f"<link><![CDATA[ {A} ]]></link>", A, id="CDATA"),
        pytest.param(
            "<link>http://www.newspim.com/news\n/view/1</link>", "http://www.newspim.com/news/view/1", id="break"
        ),
        pytest.param("<link>/news/view/1</link>", "http://rss.newspim.com/news/view/1", id="relative"),
        pytest.param("<link>//www.newspim.com/1</link>", "http://www.newspim.com/1", id="protocol-relative"),
        pytest.param("<link>http://a.kr/?a=1&amp;b=2</link>", "http://a.kr/?a=1&b=2", id="escaped &"),
        pytest.param(
            "<link>http://a.kr/?a=1&b=2&copy;=3&nbsp=4&</link>", "http://a.kr/?a=1&b=2&copy;=3&nbsp=4&", id="bare &"
        ),
        pytest.param("<link><![CDATA[http://a.kr/?a=1&b=2]]></link>", "http://a.kr/?a=1&b=2", id="& in CDATA"),
        pytest.param(
            "<link><![CDATA[http://a.kr/?a=1&amp;b=2]]></link>", "http://a.kr/?a=1&b=2", id="escaped & in CDATA"
        ),
        pytest.param("<link>http://a.kr/?a=1&amp;amp;b=2</link>", "http://a.kr/?a=1&b=2", id="escaped twice"),
        pytest.param("<link>http://a.kr/&#49;&#x32;</link>", "http://a.kr/12", id="numeric references"),
        pytest.param("<link>http://a.kr/&#45684;&#xC2A4;</link>", "http://a.kr/뉴스", id="references to Hangul"),
        pytest.param(
            "<title>&#xD800;&#xdfff;&#55296;&#57343;&#x110000;</title><link>/a</link>",
            "http://rss.newspim.com/a",
            id="halves of pairs",
        ),
        pytest.param("<link>http://a.kr/뉴스</link>", "http://a.kr/뉴스", id="Hangul"),
        pytest.param("<link>HTTP://A.kr/x</link>", "http://A.kr/x", id="capitals"),
        pytest.param("<LINK>http://a.kr/x</LINK>", "http://a.kr/x", id="capital tags"),
        pytest.param(f'<link>{A}</link><guid isPermaLink="true">{B}</guid>', A, id="link before guid"),
        pytest.param(f'<guid isPermaLink="true">{B}</guid><link>{A}</link>', A, id="guid first"),
        pytest.param(f'<guid isPermaLink="true">{A}</guid>', A, id="guid alone"),
        pytest.param(f"<guid>{A}</guid>", A, id="guid, permalink by default"),
        pytest.param(f"<link/><guid>{A}</guid>", A, id="empty link"),
        pytest.param(f"<link>javascript:a()</link><guid>{A}</guid>", A, id="link that is none"),
        pytest.param('<link rel="self" href="/self"/><link href="/a"/>', "http://rss.newspim.com/a", id="rel"),
        pytest.param(f'<a:link rel="self" href="/self"/><link>{A}</link>', A, id="Atom's self in RSS"),
        pytest.param(f'<source url="/x"><link>{B}</link></source><link>{A}</link>', A, id="the source's link"),
        pytest.param(f"<title>1 < 2 <3 <속보> </b></title><link>{A}</link>", A, id="bare < in the title"),
        pytest.param(f"<title>A&B &nbsp; &j; &#0; \x01\x0b</title><link>{A}</link>", A, id="bare & and controls"),
        pytest.param(f"<description><p>가<br><b>나</p></description><link>{A}</link>", A, id="HTML not escaped"),
        pytest.param(f"<title><![CDATA[a <![CDATA[ b & </item>]]></title><link>{A}</link>", A, id="CDATA in CDATA"),
        pytest.param(f"<title>가 ]]> 나</title><link>{A}</link>", A, id="the end of a CDATA alone"),
        pytest.param(f"<!-- <link>{B}</link> -- --><link>{A}</link>", A, id="comment"),
        pytest.param(f"<!-- <![CDATA[ & --><link>{A}</link><!--]]>-->", A, id="CDATA in a comment"),
        pytest.param(f"<title><![CDATA[<!-- &#xD800; ]]></title><link>{A}</link>", A, id="comment in CDATA"),
        pytest.param(f'<enclosure url="a>b"/><link a="x>y" b=\'"\'>{A}</link>', A, id="> in an attribute"),
    ],
)
def test_the_address_of_an_entry_is_the_one_that_is_meant(text: str, expected: str) -> None:
    found = feed(rss(f"<item>{text}</item>{item('http://a.kr/last')}"))
    assert [entry.url for entry in found.entries] == [expected, "http://a.kr/last"]
    assert not found.truncated


@pytest.mark.parametrize(
    "text",
    [
        *("file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://a.kr/x", "mailto:a@a.kr", ""),
        *("http://[", "http://a.kr:99999/", "http:///x", "http://", "http://a b/", "http://a.kr/&lt;b&gt;"),
        "http://a.kr/" + "a" * 2_048,
        "http://a.kr/" + "a" * 100_000,
    ],
)
def test_only_web_addresses_are_given(text: str) -> None:
    assert feed(rss(f"<item><link>{text}</link></item>{item()}")) == Feed([Entry(A, TIME)], truncated=False)
    assert sitemap(urlset(url(text) + url())) == Sitemap([Entry(A)], [], truncated=False)


@pytest.mark.parametrize("guid", ['<guid isPermaLink="false">http://a.kr/x</guid>', "<guid>20261120000123</guid>"])
def test_a_guid_that_is_no_permalink_is_no_address(guid: str) -> None:
    assert feed(rss(f"<item>{guid}</item>")) == Feed([], truncated=False)


def test_other_hosts_are_given_too() -> None:
    assert feed(rss(item("https://other.example/a"))).entries[0].url == "https://other.example/a"


def test_an_address_is_given_once_as_it_was_named_first() -> None:
    assert feed(rss(item() + item(A, "Sat, 21 Nov 2026 13:40:05 +0900"))).entries == [Entry(A, TIME)]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param(
            '<entry><link rel="edit" href="/e"/><link rel="alternate" type="text/html" href="/a"/><id>tag:x</id>'
            "<published>2026-11-20T04:40:05Z</published><updated>2026-11-20T05:40:05Z</updated></entry>",
            Entry("http://a.kr/a", TIME, TIME + timedelta(hours=1)),
            id="published and updated",
        ),
        pytest.param(
            '<entry><link href="/a"/><updated>2026-11-20T04:40:05.0Z</updated></entry>',
            Entry("http://a.kr/a", None, TIME),
            id="updated alone",
        ),
        pytest.param(
            '<entry><source><link href="/s"/><updated>2026-01-01T00:00:00Z</updated></source><link href="/a"/></entry>',
            Entry("http://a.kr/a"),
            id="source",
        ),
        pytest.param(
            '<entry><content type="xhtml"><div><link rel="alternate" href="/c"/></div></content><link href="/a"/></entry>',
            Entry("http://a.kr/a"),
            id="link in the content",
        ),
    ],
)
def test_atom_is_read(entry: str, expected: Entry) -> None:
    assert feed(atom(entry), "http://a.kr/feed") == Feed([expected], truncated=False)


def test_the_base_of_an_atom_feed_is_kept() -> None:
    text = atom('<entry><link href="x"/></entry>', ' xml:base="http://a.kr/news/"')
    assert feed(text).entries == [Entry("http://a.kr/news/x")]


def test_rss_1_is_read() -> None:
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><link>{B}</link></channel>'
        f'<item rdf:about="{A}"><link>{A}</link><dc:date>2026-11-20T13:40:05+09:00</dc:date></item></rdf:RDF>'
    )
    assert feed(text) == Feed([Entry(A, TIME)], truncated=False)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("html", "<!DOCTYPE html><html lang=ko><head><title>오류</title></head><body>잠시 후</body></html>"),
        ("html in pieces", "<div>점검 중입니다</div>"),
        ("html that shows a feed", f"<html><body>{rss(item(), '')}</body></html>"),
        ("json", '{"error": "없음"}'),
        ("empty", ""),
        ("white space", " \n" * 100_000),
        ("text", "점검 중입니다 http://a.kr/"),
        ("root cut", "<rss"),
        ("root cut in its attributes", '<urlset xmlns="http'),
        ("binary", "\x00\x01\x02" * 1_000),
        ("svg", "<svg><feedimage/></svg>"),
    ],
)
def test_what_is_neither_is_refused(name: str, text: str) -> None:
    with pytest.raises(NotAFeed):
        feed(text)
    with pytest.raises(NotASitemap):
        sitemap(text)


def test_a_sitemap_is_no_feed_but_a_feed_may_be_a_sitemap() -> None:
    with pytest.raises(NotAFeed):
        feed(urlset(url()))
    assert sitemap(rss(item())) == Sitemap([Entry(A, TIME)], [], truncated=False)


# Bytes

BEFORE = {
    "nothing": "",
    "byte order mark": "\ufeff",
    "white space": " \r\n\n",
    "PHP warning": "<br />\n<b>Warning</b>:  a & b in <b>/www/rss.php</b> on line <b>3</b><br />\n",
    "byte order marks, text": "\ufeff\ufeffNotice: x\n",
}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_what_stands_before_the_document_does_not_matter(before: str) -> None:
    assert feed(before + rss(item())) == Feed([Entry(A, TIME)], truncated=False)
    assert sitemap(before + urlset(url())) == Sitemap([Entry(A)], [], truncated=False)


@pytest.mark.parametrize("declared", ["utf-8", "euc-kr", "cp949", "ks_c_5601-1987", "utf-16", "zlib", "nonsense", ""])
@pytest.mark.parametrize("sent", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_that_was_sent_counts_and_not_the_declared_one(declared: str, sent: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    text = rss(item("http://a.kr/뷁", title="똠방각하 펲시콜라"), head)
    assert feed(text.encode(sent)) == Feed([Entry("http://a.kr/뷁", TIME)], truncated=False)
    assert sitemap(urlset(url("http://a.kr/뷁"), head).encode(sent)).entries == [Entry("http://a.kr/뷁")]


def test_bytes_that_mean_nothing_cost_no_entry() -> None:
    body = rss(item() + "@" + item(B)).encode().replace(b"@", b"\xff\xfe\x80")
    assert len(feed(body).entries) == 2
    assert len(feed(body.decode("utf-8", "replace").encode("cp949", "replace") + b"\xff").entries) == 2


def test_what_follows_the_document_does_not_matter() -> None:
    assert feed(rss(item()) + "<!-- 0.3 s --><script>a</script>\x00").truncated is False


@pytest.mark.parametrize("end", range(0, len(rss(item() + item(B))), 7))
def test_a_feed_cut_anywhere_gives_what_is_whole(end: int) -> None:
    text = rss(item() + item(B))
    try:
        found = feed(text[:end])
    except NotAFeed:
        assert end <= text.index("<channel>")
        return
    assert found.entries == [Entry(A, TIME), Entry(B, TIME)][: text[:end].count("</item>")]
    assert found.truncated == ("</rss>" not in text[:end])


@pytest.mark.parametrize("size", [1, 2, 10, 100])
def test_a_feed_cut_within_a_character_gives_what_is_whole(size: int) -> None:
    body = rss(item() + item(B, title="가" * 50)).encode()
    cut = body[: body.index(b"124") + len("124</link>") + size]
    assert feed(cut) == Feed([Entry(A, TIME)], truncated=True)


def test_pieces_that_are_read_one_by_one_are_cut_nowhere_inside() -> None:
    """64 KB at a time: each entry is moved through the boundary between two of them."""
    for shift in range(0, 400, 3):
        padding = "<title>" + "x" * (65_536 - 300 + shift) + "</title>"
        text = rss(
            f"<item>{padding}<link><![CDATA[{A}?a&b]]></link><guid>x</guid></item>{item('http://a.kr/?a&amp;b')}"
        )
        assert [entry.url for entry in feed(text).entries] == [A + "?a&b", "http://a.kr/?a&b"], shift


def test_tags_that_close_what_is_not_open_are_told() -> None:
    found = feed(rss("<item></link></link></item>" + item()))
    assert found.truncated


def test_an_address_whose_end_is_missing_is_not_taken_on_trust() -> None:
    found = feed(rss(f"<item><link>http://a.kr/<guid>x</guid></item>{item()}"))
    assert "http://a.kr/x" not in {entry.url for entry in found.entries}
    assert found.truncated


def test_a_quote_that_is_never_closed_is_told() -> None:
    found = feed(rss(f'{item()}<item a="><link>{B}</link></item>{item("http://a.kr/")}'))
    assert found == Feed([Entry(A, TIME)], truncated=True)  # libxml2 takes the end tag for that of the root
    with pytest.raises(NotAFeed):  # the root itself
        feed('<rss a="2><![CDATA[<title>&#xD800;' + rss(item()))


# Sitemaps


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param("", Entry(A), id="nothing more"),
        pytest.param("<lastmod>2026-11-20</lastmod>", Entry(A), id="a day is no time"),
        pytest.param("<lastmod>2026-11-20T13:40:05+09:00</lastmod>", Entry(A, None, TIME), id="lastmod"),
        pytest.param(news("2026-11-20T13:40:05+09:00"), Entry(A, TIME), id="news"),
        pytest.param(news("2026-11-20"), Entry(A), id="news of a day"),
        pytest.param(
            "<lastmod>2026-11-20T13:40:05+09:00</lastmod>" + news("2026-11-20T04:40:05Z"),
            Entry(A, TIME, TIME),
            id="both",
        ),
        pytest.param(
            "<image:image><image:loc>http://img.newspim.com/a.jpg</image:loc></image:image>"
            + news("2026-11-20T04:40:05Z"),
            Entry(A, TIME),
            id="image, its namespace undeclared",
        ),
        pytest.param(
            "<video:video><video:publication_date>2020-01-01T00:00:00Z</video:publication_date></video:video>",
            Entry(A),
            id="the date of a video",
        ),
        pytest.param('<xhtml:link rel="alternate" href="http://m.newspim.com/"/>', Entry(A), id="alternate"),
    ],
)
def test_an_entry_of_a_sitemap_has_the_times_that_it_is_given(more: str, expected: Entry) -> None:
    assert sitemap(urlset(url(more=more))) == Sitemap([expected], [], truncated=False)


@pytest.mark.parametrize(
    "text",
    [
        f"<urlset><url><loc>{A}</loc></url></urlset>",
        f'<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>{A}</s:loc></s:url></s:urlset>',
        f'<urlset xmlns="http://www.google.com/schemas/sitemap/0.84"><url><loc>{A}</loc></url></urlset>',
        f"<s:urlset><s:url><s:loc>{A}</s:loc></s:url></s:urlset>",
        f"<?xml version='1.0'?><?xml-stylesheet href='a.xsl'?><!-- <b> --><urlset\n><url><loc\n>{A}</loc\n></url></urlset>",
        f'<!DOCTYPE urlset SYSTEM "http://127.0.0.1:9/a.dtd"><urlset><url><loc>{A}</loc></url></urlset>',
        A,
        f"\ufeff\r\n{A}\r{A}\n\n",
    ],
)
def test_namespaces_and_forms_do_not_matter(text: str) -> None:
    assert sitemap(text) == Sitemap([Entry(A)], [], truncated=False)


def test_an_index_names_sitemaps() -> None:
    text = (
        f"<sitemapindex {NEWS}><sitemap><loc>/sitemap/1.xml.gz</loc><lastmod>2026-11-20</lastmod></sitemap>"
        "<sitemap><loc>https://www.newspim.com/sitemap/2.xml</loc></sitemap><sitemap><loc>/sitemap/1.xml.gz</loc></sitemap>"
        "<sitemap><loc>file:///a.xml</loc></sitemap></sitemapindex>"
    )
    end_of_the_day = datetime(2026, 11, 21, 11, 59, 59, tzinfo=UTC)  # in the last zone
    parts = [
        Part("https://www.newspim.com/sitemap/1.xml.gz", end_of_the_day),
        Part("https://www.newspim.com/sitemap/2.xml"),
    ]
    assert sitemap(text) == Sitemap([], parts, truncated=False)


@pytest.mark.parametrize(
    ("lastmod", "expected"),
    [
        ("2026-11-20T13:40:05+09:00", TIME),
        (" 2026-11-20T04:40:05Z\n", TIME),
        ("2026-11-20 13:40:05", TIME),
        ("2026-11-20", datetime(2026, 11, 21, 20, 59, 59, tzinfo=KST)),
        ("2026.11.20", datetime(2026, 11, 21, 20, 59, 59, tzinfo=KST)),
        ("2031-01-01T00:00:00Z", datetime(2031, 1, 1, 9, tzinfo=KST)),
        *(
            (text, None)
            for text in ("", "2026", "2026-11", "2026-11-31", "1970-01-01", "9999-12-31", "어제", "20261120")
        ),
    ],
)
def test_a_sitemap_of_an_index_has_the_latest_time_that_its_lastmod_can_mean(
    lastmod: str, expected: datetime | None
) -> None:
    (part,) = sitemap(
        f"<sitemapindex><sitemap><loc>{A}</loc><lastmod>{lastmod}</lastmod></sitemap></sitemapindex>"
    ).sitemaps
    assert part == Part(A, expected)
    assert part.lastmod is None or part.lastmod.utcoffset() == timedelta(hours=9)


@pytest.mark.parametrize("index", ["{}", "<sitemapindex>{}</sitemapindex>"])
def test_an_index_within_a_urlset_is_read(index: str) -> None:
    inside = index.format("<sitemap><loc>https://a.kr/2.xml</loc></sitemap>")
    assert sitemap(urlset(url() + inside + url(B))) == Sitemap(
        [Entry(A), Entry(B)], [Part("https://a.kr/2.xml")], truncated=False
    )


def test_a_text_sitemap_with_other_words_gives_its_addresses_and_says_so() -> None:
    assert sitemap(f"{A}\n# 끝\n{B}\n") == Sitemap([Entry(A), Entry(B)], [], truncated=True)


def test_more_entries_than_anyone_reads_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.syndication.documents.MOST_ENTRIES", 100)
    words = [f"http://a.kr/{number}" for number in range(101)]
    for write in ("\n".join, lambda urls: urlset("".join(map(url, urls))), lambda urls: rss("".join(map(item, urls)))):
        found = sitemap(write(words))
        assert [len(found.entries), found.truncated] == [100, True]
        assert not sitemap(write(words[:100])).truncated


# gzip

PACKED = gzip.compress(urlset("".join(url(f"http://a.kr/{random.Random(n).random()}") for n in range(5_000))).encode())


def test_a_packed_sitemap_is_known_by_its_bytes() -> None:
    assert [len(sitemap(PACKED).entries), sitemap(PACKED).truncated] == [5_000, False]
    assert read_feed(gzip.compress(rss(item()).encode()), FEED).entries == [Entry(A, TIME)]


def test_a_packed_sitemap_in_members_with_padding_is_whole() -> None:
    text = urlset(url() + url(B)).encode()
    body = b"".join(gzip.compress(text[start : start + 50]) for start in range(0, len(text), 50))
    assert sitemap(body + bytes(100)) == Sitemap([Entry(A), Entry(B)], [], truncated=False)


@pytest.mark.parametrize("end", [-1, -8, -9, len(PACKED) // 2, len(PACKED) // 10])
def test_a_packed_sitemap_that_was_cut_gives_what_came(end: int) -> None:
    found = sitemap(PACKED[:end])
    assert found.truncated
    assert len(found.entries) >= 4_999 * (end % len(PACKED)) // len(PACKED) // 2


@pytest.mark.parametrize("end", [0, 3, 10, 18])
def test_a_packed_sitemap_of_nothing_is_refused(end: int) -> None:
    with pytest.raises(NotASitemap):
        sitemap(PACKED[:end])
    with pytest.raises(NotASitemap):
        sitemap(PACKED[:10] + b"\xff" * 100)


# robots.txt


def test_robots_txt_names_sitemaps_wherever_they_stand() -> None:
    body = (
        "\ufeffSitemap: https://www.newspim.com/sitemap.xml\r\nUser-agent: *\nDisallow: /search\n"
        "  SITEMAP :/sitemap/recent/all_1 # recent\n#Sitemap: /no\nSitemap: https://www.newspim.com/sitemap.xml\n"
        "Sitemap: file:///etc/passwd\nSitemap: http://[\nSitemap:\nSitemap\nsitemaps: /no\nSitemap: //a.kr/뉴스.xml"
    )
    expected = [
        "https://www.newspim.com/sitemap.xml",
        "https://www.newspim.com/sitemap/recent/all_1",
        "https://a.kr/뉴스.xml",
    ]
    assert sitemaps_of_robots(body.encode(), "https://www.newspim.com/robots.txt") == expected


@PROPERTY
@given(st.binary(max_size=200))
def test_robots_txt_may_be_anything(body: bytes) -> None:
    assert sitemaps_of_robots(b"Sitemap:" + body, "https://a.kr/") is not None


# The enemy

BOMB = '<!DOCTYPE x [<!ENTITY a "http://a.kr/">' + "".join(
    f'<!ENTITY {chr(98 + step)} "{f"&{chr(97 + step)};" * 10}">' for step in range(9)
)
DOCTYPES = {
    "billion laughs": BOMB + "]>",
    "one large entity": f'<!DOCTYPE x [<!ENTITY j "{"a" * 60_000}">]>',
    "a file": '<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>',
    "a file as declarations": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    "an address": '<!DOCTYPE x [<!ENTITY j SYSTEM "http://127.0.0.1:9/x">]>',
    "an address of declarations": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "a default": '<!DOCTYPE x [<!ATTLIST link href CDATA "http://a.kr/evil">]>',
    "not closed": BOMB,
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("doctype", DOCTYPES.values(), ids=DOCTYPES)
def test_entities_are_neither_expanded_nor_fetched(
    doctype: str, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    inside = "<item><link>http://a.kr/&j;&j;</link></item>"
    for text in (rss(inside, doctype), rss(doctype + inside, ""), rss(inside, '<?xml version="1.0"?>' + doctype)):
        with monkeypatch.context() as patch:
            patch.setattr("builtins.open", lambda *given: opened.append(given))
            found = feed(text.encode(encoding))
        assert found == Feed([Entry("http://a.kr/&j;&j;")], truncated=False)
    assert not opened


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="measures as Linux does")
@pytest.mark.parametrize("name", HOSTILE)
def test_the_worst_takes_seconds_and_little_memory(name: str) -> None:
    """In a process of its own. Measured: at most 3 s and 50 MB."""
    command = [sys.executable, "-m", "tests.hostile", name]
    done = subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=Path(__file__).parent.parent)
    seconds, megabytes, entries, _ = json.loads(done.stdout)
    assert seconds < 15
    assert megabytes < 100
    assert entries is None or entries <= 1


# Whatever the bytes

GOOD = [
    rss(item() + item(B)).encode(),
    atom('<entry><link href="/a"/><updated>2026-11-20T04:40:05Z</updated></entry>', ' xml:base="/x/"').encode(),
    urlset(url(more=news("2026-11-20T04:40:05Z")) + url(B, "<lastmod>2026-11-20</lastmod>")).encode("utf-16"),
    urlset(url() + "<sitemap><loc>/a</loc><lastmod>2026-11-20</lastmod></sitemap>").encode(),
    f"{A}\n{B}\n".encode(),
    gzip.compress(urlset(url() + url(B)).encode()),
]
PARTS = (
    *(b"<", b">", b"&", b'"', b"\x00", b"\xff", b"<item>", b"</item>", b"<link>", b"</link>", b"<url>", b"</url>"),
    *(b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?", b"<!DOCTYPE x [", b'<!ENTITY a "b">', b"&#xD800;", b"&#0;"),
    *(b"&#x110000;", b"&a;", b'xml:base="http://["', b"http://[", b'xmlns:a=""', b"+99:99", b"9999-12-31T23:59:59Z"),
    *(b"\xed\xa0\x80", b"\xfe\xff", b"\xff\xfe", b"\x1f\x8b\x08", b"<rss>", b"</rss>", b"<html>", b'isPermaLink="'),
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    body = bytearray(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(body)))
        body[start : start + draw(st.integers(0, 30))] = draw(st.sampled_from(PARTS) | st.binary(max_size=4))
    return bytes(body)


def is_sound(entries: list[Entry]) -> bool:
    urls = [entry.url for entry in entries]
    times = [time for entry in entries for time in (entry.published_at, entry.modified_at) if time]
    return (
        len(set(urls)) == len(urls)
        and all(url.lower().startswith(("http://", "https://")) and len(url) <= 2_048 for url in urls)
        and all(time.utcoffset() == timedelta(hours=9) and 1989 < time.year < 2101 for time in times)
    )


@settings(PROPERTY, max_examples=2_000)
@given(st.binary(max_size=300) | damaged())
def test_whatever_the_bytes_nothing_else_is_raised(body: bytes) -> None:
    with suppress(NotAFeed):
        assert is_sound(feed(body).entries)
    with suppress(NotASitemap):
        found = sitemap(body)
        assert is_sound(found.entries)
        assert is_sound([Entry(part.url, part.lastmod) for part in found.sitemaps])
