"""Real material, read from beside the project when it is there; none of it is in the project.

`body-202004.html` is the body of a real article as syndicated, `home-20180323-excerpt.html` parts of the real front page,
`seed-article.txt` the visible lines of one whole page, of which a page is built here in several shapes.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from newscrawl.discovery.pages import article_numbers
from newscrawl.extraction import Page, extract
from newscrawl.items import Article, Author
from newscrawl.spiders.newspim import NEWSPIM

EVIDENCE = Path(__file__).parents[2] / "shared" / "evidence"
pytestmark = pytest.mark.skipif(
    not EVIDENCE.is_dir(), reason="no real material beside the project (../shared/evidence)"
)

ADDRESS = "https://www.newspim.com/news/view/"


def read(name: str) -> str:
    return (EVIDENCE / name).read_text(encoding="utf-8")


def syndicated(container: str) -> Article:
    """The real body in a page's frame."""
    source = f"""<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"><meta property="og:title" content="제목"></head><body>
    <div class="bodynews"><div class="header"><h1>제목</h1><span id="send-time">기사입력 : 2020년04월08일 05:11</span></div>
    <section class="contents"><div {container}>{read("body-202004.html")}</div></section></div></body></html>"""
    return extract(Page(source, ADDRESS + "20200408000011"), "20200408000011", NEWSPIM)


CONTAINERS = pytest.mark.parametrize(
    "container", ['id="news_contents" itemprop="articleBody"', 'id="news-contents"', 'class="viewcontents"']
)


@CONTAINERS
def test_a_real_body_gives_its_gold_paragraphs(container: str) -> None:
    gold = json.loads(read("body-202004.gold.json"))["body"]
    first = gold[0].partition("= ")[2]  # the gold keeps dateline and byline; here they are place and authors
    body = syndicated(container).body
    assert body is not None
    assert body.split("\n\n") == [first, *gold[1:]]


@CONTAINERS
def test_a_real_body_gives_its_author_place_and_caption(container: str) -> None:
    gold = json.loads(read("body-202004.gold.json"))
    article = syndicated(container)
    assert article.authors == [Author(gold["byline"], "특파원", gold["email"])]
    assert article.place == gold["dateline"]
    assert [image.caption for image in article.images] == ["월가 [사진=로이터 뉴스핌]"]


@CONTAINERS
def test_a_real_body_holds_none_of_what_surrounds_it(container: str) -> None:
    gold = json.loads(read("body-202004.gold.json"))
    body = syndicated(container).body or ""
    assert [text for text in gold["without"] if text in body] == []
    assert [text for text in gold["with"] if text not in body] == []


def test_the_real_front_page_names_its_twenty_one_articles_and_no_other() -> None:
    source = read("home-20180323-excerpt.html")
    numbers = article_numbers(Page(source, "https://www.newspim.com/"), NEWSPIM)
    assert len(numbers) == 21
    assert set(numbers) == set(re.findall(r'href="/news/view/(\d{14})"', source))


class Seed:
    """The lines of the real page, by what they are."""

    def __init__(self) -> None:
        lines = [line.strip() for line in read("seed-article.txt").splitlines()]
        title = next(at for at, line in enumerate(lines) if line.startswith("[인터뷰]"))
        opening = next(at for at, line in enumerate(lines) if line.startswith("[베이징=뉴스핌]"))
        best = lines.index("[뉴스핌 베스트 기사]")
        self.above = [line for line in lines[:title] if line]
        self.title = lines[title]
        header = [line for line in lines[title + 1 : opening] if line]
        self.dates, self.deck = header[:2], header[2:]
        self.body = [line for line in lines[opening:best] if line]
        self.best = [line for line in lines[best:] if line]


SHAPES = {
    "paragraphs": "".join,
    "breaks": "<br><br>".join,
    "nested": lambda lines: "<div>" + "".join(f"<div>{line}</div>" for line in lines) + "</div>",
}


def seed_page(shape: str, deck: str, best_inside: bool) -> tuple[Seed, Article]:
    seed = Seed()
    lines = [f"<p>{line}</p>" for line in seed.body] if shape == "paragraphs" else seed.body
    body = SHAPES[shape](lines)
    best = "<div>" + "".join(f"<div>{line}</div>" for line in seed.best) + "</div>"
    bar = "".join(f'<a href="/bar/{at}">{line}</a>' for at, line in enumerate(seed.above))
    inside, after = (best, "") if best_inside else ("", best)
    source = f"""<!DOCTYPE html><html><head><title>{seed.title} | 뉴스핌</title></head><body><div>{bar}</div>
    <article class="bodynews"><div class="header"><h1>{seed.title}</h1>{"".join(f"<span>{date}</span> " for date in seed.dates)}</div>
    <section class="contents"><{deck}>{"<br>".join(seed.deck)}</{deck}><div id="news-contents">{body}{inside}</div>{after}</section>
    </article></body></html>"""
    return seed, extract(Page(source, ADDRESS + "20220530000873"), "20220530000873", NEWSPIM)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("deck", ["p", "h2", "div"])
@pytest.mark.parametrize("best_inside", [False, True], ids=["best-after", "best-inside"])
def test_a_page_of_the_real_lines_gives_exactly_the_article(shape: str, deck: str, best_inside: bool) -> None:
    seed, article = seed_page(shape, deck, best_inside)
    opening, *middle, _closing = seed.body
    caption = next(line for line in middle if line.endswith("@newspim.com"))
    words = [re.sub(r"\s+", " ", opening.split("=", 2)[2]).strip(), *(line for line in middle if line != caption)]
    assert article.body is not None
    assert article.body.split("\n\n") == [re.sub(r"\s+", " ", line).strip() for line in words]
    assert article.title == seed.title
    assert article.marks == ["인터뷰"]
    assert article.deck == seed.deck
    assert article.authors == [Author("최헌규", "특파원", "chk@newspim.com")]
    assert article.place == "베이징"
    assert [image.caption for image in article.images] == [caption]
    assert article.published_at is not None
    assert article.modified_at is not None
    assert (article.published_at.isoformat(), article.modified_at.isoformat()) == (
        "2022-05-30T15:47:00+09:00",
        "2022-05-30T20:46:00+09:00",
    )


@pytest.mark.parametrize("best_inside", [False, True], ids=["best-after", "best-inside"])
def test_not_a_word_of_the_other_articles_of_the_page_is_taken(best_inside: bool) -> None:
    seed, article = seed_page("paragraphs", "p", best_inside)
    everything = repr(article)
    for line in seed.best[1:]:
        for sentence in re.split(r"(?<=[.다])\s", line):
            assert len(sentence) < 12 or sentence not in everything
