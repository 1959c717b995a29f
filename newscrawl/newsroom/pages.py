"""The article page in the templates of its generations: 2026, 2022, 2018 and mobile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

from . import chrome, surroundings
from .blocks import Content, Paragraph
from .body import body_html
from .dice import CHROME, STYLE, Dice, dice
from .editions import Edition
from .markup import attribute, link, neutral, words_to_html
from .scripted import scripted
from .spacing import respaced
from .stories import Story

if TYPE_CHECKING:
    from .site import Site
    from .standing import Standing

SUFFIXES = (" - 뉴스핌", " | 뉴스핌", " : 뉴스핌", " - 글로벌리더의 지름길 종합뉴스통신사 뉴스핌")
TOOLS = ("더 작게", "작게", "보통", "크게", "더 크게")


@dataclass(frozen=True, slots=True)
class Frame:
    """The ready parts of a page that a run of neighbours shares."""

    before: bytes
    best: bytes
    after: bytes


def frame(standing: Standing, bucket: int, generation: str) -> Frame:
    """The shared parts for one state of the sidebar in one template."""
    site = standing.site
    die = dice(site.seed, CHROME, 1000 + bucket * 8 + ("2026", "2022", "2018", "mobile").index(generation))
    sidebar = standing.sidebar(bucket)
    # Not all pages weigh the same: from nine tenths to one and a half of the template's own weight.
    filler = chrome.filler(die, int(chrome.FILLER[generation] * (0.9 + 0.6 * die.random())), site.hidden)
    quick = chrome.quick_box(die, site, dict(sidebar.boxes).get("속보", ()))
    today = f"<p>{standing.today(bucket):%Y년%m월%d일 %H:%M}</p>\n"
    before = f"{filler}</head>\n<body>\n{today}{site.menus()}{quick}"
    after = f"{chrome.boxes(die, site, sidebar)}{chrome.foot(die)}</body>\n</html>\n"
    return Frame(before.encode(), chrome.best(die, site, sidebar.best).encode(), after.encode())


def article(
    standing: Standing, number: int, mobile: bool = False, container: bool = True, script: str | None = None
) -> bytes:
    """The page of a story; without its container it has neither body nor related box. `script`: how one fills the body (`scripted.KINDS`)."""
    site, story = standing.site, standing.story(number)
    generation = "mobile" if mobile else story.generation
    die = dice(site.seed, STYLE, story.number * 2 + mobile)
    shared = standing.frame(standing.bucket(number), generation)
    edition = site.edition(number)
    if edition is not None and edition.frame:
        shared = _reframed(standing, edition, shared)
    head = _head(die, site, story, generation)
    made = _made(die, standing, number, generation, container)
    rest = scripted(script, site.seed, story.id, number, made.container) if script else made.container
    inner = made.box if die.chance(0.5) else ""
    outer = "" if inner else made.box
    close = "</section></article>" if generation in ("2026", "2022") else "</div></div>"
    pieces = [head.encode(), shared.before, made.opening.encode(), rest.encode(), inner.encode()]
    pieces += (
        [close.encode(), outer.encode(), shared.best] if made.outside else [shared.best, close.encode(), outer.encode()]
    )
    return b"".join([*pieces, shared.after])


@dataclass(frozen=True, slots=True)
class Made:
    """The article's own parts of a page: up to its container, the container, the related box; `outside`: the box stands outside of the frame."""

    opening: str
    container: str
    box: str
    outside: bool


def _made(die: Dice, standing: Standing, number: int, generation: str, container: bool) -> Made:
    site, story, content = standing.site, standing.story(number), standing.content(number)
    edition = site.edition(number)
    body = body_html(die, site, story, content) if container else ""
    if edition is not None and edition.spaces:
        body = respaced(site.seed, story.number, edition.spaces, body)
    box = _related_box(die, site, story, content) if container else ""
    outside = die.chance(0.5)
    return Made(*_article(die, story, content, generation, body, container), box, outside)


def container(standing: Standing, number: int, mobile: bool = False) -> str:
    """A story's body in its container, as its page has it."""
    site, story = standing.site, standing.story(number)
    generation = "mobile" if mobile else story.generation
    die = dice(site.seed, STYLE, story.number * 2 + mobile)
    _head(die, site, story, generation)  # which throws the same dice first
    return _made(die, standing, number, generation, True).container


def _reframed(standing: Standing, edition: Edition, shared: Frame) -> Frame:
    """The shared parts as they stand around one article whose surroundings have changed."""
    site, number = standing.site, edition.story.number
    sidebar = standing.sidebar(standing.bucket(number))
    before, after = surroundings.reframed(site, number, edition.frame, shared.before, sidebar)
    return replace(shared, before=before, after=after)


def _head(die: Dice, site: Site, story: Story, generation: str) -> str:
    title = escape(story.title)
    opening = site.opening(story.number)
    description = escape(f"{opening.dateline}{opening.lead}"[:150])
    scheme = "http" if generation == "2018" else "https"
    lines = [
        "<!DOCTYPE html>",
        '<html lang="ko">',
        "<head>",
        die.pick(['<meta charset="utf-8">', '<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />']),
        f"<title>{title}{die.pick(SUFFIXES)}</title>",
        '<meta property="og:type" content="article" />',
        f'<meta property="og:title" content="{title}" />',
        f'<meta property="og:url" content="{scheme}://www.newspim.com/news/view/{story.id}" />',
        f'<meta property="og:description" content="{description}" />',
        '<meta property="og:site_name" content="뉴스핌" />',
    ]
    if generation == "2018":
        section = escape(story.section_name)
        lines += [
            f'<meta property="article:section" content="{section}">',
            f'<meta property="dable:item_id" content="{story.id}">',
            f'<meta property="dable:author" content="{escape(opening.byline)}">',
            f'<meta property="article:published_time" content="{story.published_at:%Y-%m-%dT%H:%M}:00+09:00">',
            f'<link rel="amphtml" href="http://m.newspim.com/newsamp/view/{story.id}" />',
        ]
    elif die.chance(0.5):
        lines.append(f'<link rel="canonical" href="{story.url}">')
    return "\n".join(lines) + "\n"


def _article(die: Dice, story: Story, content: Content, generation: str, body: str, container: bool) -> tuple[str, str]:
    """The article's own part up to the body's end, in two pieces."""
    inside_deck = ""
    first = content.blocks[0]
    if content.deck and die.chance(0.06) and isinstance(first, Paragraph) and first.dateline and container:
        inside_deck = f"<div {attribute(die, 'class', neutral(die))}>{'<br>'.join(words_to_html(die, line) for line in content.deck)}</div>\n"
    header = _header(die, story, content, generation)
    above = _above_body(die, content, generation, deck=not inside_deck)
    if generation in ("2026", "2022"):
        opening = f'<article class="bodynews">\n<div class="header">{header}</div>\n<section class="contents">\n{above}'
        open_container = f"<div {attribute(die, 'id', 'news-contents')}>"
    elif generation == "2018":
        opening = f'<div class="bodynews">\n<div class="header">{header}</div>\n<div class="contents">\n{above}'
        open_container = die.pick(
            ['<div id="news_contents" itemprop="articleBody">', "<DIV itemprop='articleBody' id='news_contents'>"]
        )
    else:
        opening = f'<div class="{neutral(die)}">\n<div class="header">{header}</div>\n<div>\n{above}'
        open_container = die.pick(
            ['<div class="viewcontents">', '<div id="viewcontents">', '<div class="viewcontents" id="viewcontents">']
        )
    if not container:
        return opening, '<div data-load="article"><span>잠시만 기다려 주세요</span></div>\n'
    return opening, f"{open_container}\n{inside_deck}{body}\n</div>\n"


def _header(die: Dice, story: Story, content: Content, generation: str) -> str:
    crumb = _breadcrumb(die, story) if story.shows_section else ""
    title = words_to_html(die, story.title)
    head = f'<h2 id="titlArea1">{title}</h2>' if generation == "mobile" else f"<h1>{title}</h1>"
    times = _times(die, story, generation, content.views if generation == "2026" else 0)
    return crumb + head + times if die.chance(0.7) else head + crumb + times


def _breadcrumb(die: Dice, story: Story) -> str:
    name, below = story.section_name, story.subsection_name
    names = [name] if below is None else [name, below]
    codes = [story.section, story.subsection or ""]
    throw = die.random()
    if throw < 0.3:
        links = " ".join(
            f'<a href="/news/lists?category_cd={code}">{one}</a>' for one, code in zip(names, codes, strict=False)
        )
        return f"<div {attribute(die, 'class', neutral(die))}>{links}</div>"
    if throw < 0.5:
        return f"<p {attribute(die, 'class', neutral(die))}>{' '.join(names)}</p>"
    if throw < 0.7:
        return f"<div>{' '.join(f'<span>{one}</span>' for one in names)}</div>"
    if throw < 0.85:
        return f"<ul>{''.join(f'<li>{one}</li>' for one in names)}</ul>"
    return f"<p>{'&nbsp;'.join(f'<em>{one}</em>' for one in names)}</p>"


def _times(die: Dice, story: Story, generation: str, views: int) -> str:
    published = story.published_at
    dashed, korean = f"{published:%Y-%m-%d %H:%M}", f"{published:%Y년%m월%d일 %H:%M}"
    if generation == "mobile":
        shown = f"<span>기사등록 : {dashed}</span>"
    elif generation == "2026":
        time = f'datetime="{published.isoformat()}" itemprop="datePublished"'
        shown = die.pick(
            [
                f'<time id="send-time" {time}>기사입력 : {dashed}</time>',
                f'<span id="send-time">기사입력 : <time {time}>{korean}</time></span>',
                f"<div id='send-time'><time {time}>{dashed}</time></div>",
            ]
        )
    elif generation == "2018" and die.chance(0.1):
        shown = '<span id="send-time"></span>'
    else:
        shown = f"<span {attribute(die, 'id', 'send-time')}>기사입력 : {korean}</span>"
    if views:
        shown += f" <span>조회 {views:,}</span>"
    if story.modified_at is None:
        return f"<p>{shown}</p>"
    form = (
        "%Y-%m-%d %H:%M"
        if generation == "mobile" or (generation == "2026" and die.chance(0.4))
        else "%Y년%m월%d일 %H:%M"
    )
    tag = die.pick(["span", "em", "i", "small"])
    changed = f"<{tag}>최종수정 : {story.modified_at.strftime(form)}</{tag}>"
    return f"<p>{shown} {changed}</p>" if die.chance(0.5) else f"<ul><li>{shown}</li><li>{changed}</li></ul>"


def _above_body(die: Dice, content: Content, generation: str, deck: bool) -> str:
    """Tools row, AI summary and deck; the deck always after the tools row."""
    tools = _tools(die) if generation == "2026" or (generation == "2022" and die.chance(0.5)) else ""
    lines = _deck(die, content) if content.deck and deck else ""
    summary = _summary(die, content) if generation == "2026" else ""
    order = die.pick([(summary, tools, lines), (tools, summary, lines), (tools, lines, summary)])
    return "\n".join(part for part in order if part) + "\n"


def _tools(die: Dice) -> str:
    buttons = "".join(f'<button type="button">{name}</button>' for name in TOOLS)
    tongues = "".join(f"<option>{name}</option>" for name in ("한국어", "English", "日本語", "中文"))
    return (
        f"<div {attribute(die, 'class', neutral(die))}><span>※ 본문 글자 크기 조정</span> {buttons} "
        f"<span>※ 번역할 언어 선택</span><select>{tongues}</select></div>"
    )


def _deck(die: Dice, content: Content) -> str:
    lines = [words_to_html(die, line) for line in content.deck]
    name = attribute(die, "class", neutral(die))
    throw = die.random()
    if throw < 0.3:
        return f"<div {name}>{die.pick(['<br>', '<br />' + chr(10)]).join(lines)}</div>"
    if throw < 0.45:
        return f"<h2>{'<br/>'.join(lines)}</h2>"
    if throw < 0.6:
        return f"<ul {name}>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
    if throw < 0.75:
        return "".join(f"<p {name}>{line}</p>" for line in lines)
    return f"<div {name}>{''.join(f'<p>{line}</p>' for line in lines)}</div>"


def _summary(die: Dice, content: Content) -> str:
    if not content.ai_summary and not content.ai_pending:
        return ""
    head = die.pick(
        [
            "<h3>AI 핵심 요약 <em>beta</em></h3>",
            "<strong>AI 핵심 요약</strong> <span>beta</span>",
            "<p>AI 핵심 요약 beta</p>",
        ]
    )
    tail = die.pick(["p", "span", "small"])
    disclaimer = f"<{tail}>AI가 자동 생성한 요약으로 정확하지 않을 수 있어요.</{tail}>"
    if content.ai_pending:
        inside = "<p>분석 중...</p>"
    elif die.chance(0.6):
        inside = f"<ul>{''.join(f'<li>{words_to_html(die, line)}</li>' for line in content.ai_summary)}</ul>"
    else:
        inside = "".join(f"<p>{words_to_html(die, line)}</p>" for line in content.ai_summary)
    return f'<section id="aiSummary" class="ai-summary">{head}{inside}{disclaimer}</section>'


def _related_box(die: Dice, site: Site, story: Story, content: Content) -> str:
    """The box labelled as related; now and then it names the article itself too, which the record does not."""
    if not content.box:
        return ""
    anchors = [link(die, site.articles[number]) for number in content.box]
    if die.chance(0.1):
        anchors.append(f'<a href="/news/view/{story.id}">{words_to_html(die, story.title)}</a>')
    label = die.pick(["관련기사", "관련 뉴스", "[관련기사]", "관련 기사"])
    tag = die.pick(["h3", "h4", "strong", "p", "dt"])
    if tag == "dt":
        return f"<dl><dt>{label}</dt>{''.join(f'<dd>{anchor}</dd>' for anchor in anchors)}</dl>\n"
    return f'<div class="{neutral(die)}"><{tag}>{label}</{tag}><ul>{"".join(f"<li>{anchor}</li>" for anchor in anchors)}</ul></div>\n'
