"""The HTML inside an article's body container, in one of the many ways in which an editor may write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import words
from .blocks import Advertisement, Block, Closing, Content, Items, Links, Notice, Paragraph, Picture, Table, Tail
from .dice import Dice
from .markup import attribute, lines_to_html, link, neutral, noisy, words_to_html
from .stories import Story

if TYPE_CHECKING:
    from .site import Site

STYLES = ("p", "p", "p", "p-style", "div", "breaks", "mixed")
"""How paragraphs are written: `<p>`, the same with attributes, `<div>`, bare text and `<br><br>`, or each as it comes."""
WRAPPERS = ("", "", "", "<div>", "<div><div>")
EMPTY = ("<p>&nbsp;</p>", "<p></p>", "<p><br></p>", "<div>&nbsp;</div>", "")
COPYRIGHT = "저작권자(c) 글로벌리더의 지름길 종합뉴스통신사 뉴스핌(Newspim), 무단 전재-재배포 금지"


def body_html(die: Dice, site: Site, story: Story, content: Content) -> str:
    """The inside of the container."""
    style = die.pick(STYLES)
    out: list[str] = []
    for block in content.blocks:
        if isinstance(block, Closing) and out and out[-1].endswith("</p>") and die.chance(0.08):
            out[-1] = f"{out[-1][:-4]}<br>{words_to_html(die, block.text)}</p>"
            continue
        out.append(_block(die, site, story, block, style))
        if die.chance(0.03):
            out.append(_comment(die, site))
        if die.chance(0.03) and style != "breaks":
            out.append(die.pick(EMPTY))
    joint = die.pick(["\n", "", "\n\n\t", "\n        "])
    wrapper = die.pick(WRAPPERS)
    return wrapper + joint.join(out) + wrapper.replace("<", "</")


def _block(die: Dice, site: Site, story: Story, block: Block, style: str) -> str:
    match block:
        case Paragraph():
            return _paragraph(die, block, style)
        case Items():
            tag = die.pick(["ul", "ol", "ul"])
            return f"<{tag}>" + "".join(f"<li>{noisy(die, line)}</li>" for line in block.lines) + f"</{tag}>"
        case Picture():
            return picture_html(die, block, style)
        case Table():
            return table_html(die, block)
        case Notice():
            return _wrap(die, words_to_html(die, block.text), style, die.pick(["", "", "b", "span", "em"]))
        case Links():
            return _links(die, site, block)
        case Advertisement():
            return _advertisement(die)
        case Closing():
            return _closing(die, block, style)
        case Tail():
            return _tail(die)


def _wrap(die: Dice, html: str, style: str, tag: str = "") -> str:
    """A paragraph of the page's style around ready HTML."""
    if tag:
        html = f"<{tag}>{html}</{tag}>"
    if style == "mixed":
        style = die.pick(["p", "p", "div", "breaks"])
    if style == "breaks":
        return html + die.pick(["<br><br>", "<br/>\n<br/>", "<BR><BR>", "<br /><br />"])
    if style == "div":
        return f"<div>{html}</div>"
    if style == "p-style":
        return f"<p {attribute(die, 'style', die.pick(['text-align: left;', 'text-align:justify', 'line-height: 1.8']))}>{html}</p>"
    if style == "p" and die.chance(0.02):
        return f"<P>{html}</P>"
    return f"<p>{html}</p>"


def _paragraph(die: Dice, block: Paragraph, style: str) -> str:
    html = lines_to_html(die, block.text)
    if block.subhead:
        return _wrap(die, html, style, die.pick(["", "strong", "b"]))
    if not block.dateline:
        return _wrap(die, html, style)
    dateline = words_to_html(die, block.dateline)
    if dateline.endswith("= ") and die.chance(0.3):
        dateline = dateline[:-1] + die.pick(["&nbsp;", " &nbsp;", "  "])
    if die.chance(0.06):
        dateline = f"<span>{dateline}</span>"
    elif die.chance(0.02):
        dateline += "<br>"
    return _wrap(die, dateline + html, style)


def picture_html(die: Dice, block: Picture, style: str) -> str:
    """A picture with its caption in a table, in a figure, or in plain paragraphs; a lost caption in a paragraph."""
    caption = noisy(die, block.caption) if block.caption else ""
    if block.url is None:
        return _wrap(die, caption, style)
    image = f'<img src="{block.url}"' + die.pick(
        ["/>", ">", ' alt="">', ' width="600" />', ' style="width: 381px;" height="257"/>']
    )
    throw = die.random()
    if throw < 0.5:
        return _picture_table(die, image, caption)
    if throw < 0.75 or (block.caption and not block.speaks):
        inner = f"<figcaption>{caption}</figcaption>" if caption else ""
        return f"<figure {attribute(die, 'class', neutral(die))}>{image}{inner}</figure>"
    if style == "breaks":
        return f"{image}<br>{caption}<br><br>" if caption else f"{image}<br><br>"
    after = f"<p>{caption}</p>" if caption else ""
    return f'<p style="text-align: center;">{image}</p>{after}'


def _picture_table(die: Dice, image: str, caption: str) -> str:
    width = f' style="width: {die.between(300, 640)}px;"'
    table = die.pick(
        ['<table style="padding-right: 10px; float: left;">', "<table>", '<TABLE border="0" cellpadding="3">']
    )
    body = "<tbody>" if die.chance(0.4) else ""
    named = ' class="news_img_caption"' if die.chance(0.7) else ""
    row = f"<tr><td{named}{width}>{caption}</td></tr>" if caption else ""
    close = "</tbody>" if body else ""
    return f"{table}{body}<tr><td{width}>{image}</td></tr>\n{row}{close}</table>"


def table_html(die: Dice, block: Table) -> str:
    """A data table, with or without head cells."""
    head = "th" if die.chance(0.5) else "td"
    wrapped = die.chance(0.2)
    rows = []
    for number, row in enumerate(block.rows):
        tag = head if number == 0 else "td"
        cells = []
        for cell in row:
            span = (f' colspan="{cell.columns}"' if cell.columns > 1 else "") + (
                f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
            )
            inside = words_to_html(die, cell.text) or die.pick(["", "&nbsp;", " "])
            cells.append(f"<{tag}{span}>{f'<p>{inside}</p>' if wrapped else inside}</{tag}>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    opening = die.pick(
        ["<table>", '<table border="1" width="100%">', f"<table {attribute(die, 'class', neutral(die))}>"]
    )
    return f"{opening}<tbody>\n{die.pick(['', chr(10)]).join(rows)}</tbody></table>"


def _links(die: Dice, site: Site, block: Links) -> str:
    """Links to other articles under the closing line, in the form of syndicated bodies or as list."""
    anchors = [
        link(die, site.articles[number], f"<b>{words_to_html(die, site.articles[number].title)}</b>")
        for number in block.numbers
    ]
    throw = die.random()
    if throw < 0.5:
        return "".join(f"{anchor}<BR/>" for anchor in anchors) + "<br><br>"
    if throw < 0.75:
        return "".join(f"<p>{anchor}</p>" for anchor in anchors)
    return "<ul>" + "".join(f"<li>{anchor}</li>" for anchor in anchors) + "</ul>"


def _ad_line(die: Dice) -> str:
    return die.pick(words.AD_LINES).format(n=die.between(2, 900))


def _advertisement(die: Dice) -> str:
    """An advertisement in one of the forms of the evidence."""
    to = f"https://ad.example.net/click?c={die.between(100, 99999)}"
    inside = die.pick(
        [
            f'<a href="{to}" target="_blank"><img src="https://img.newspim.com/banner/2026/{die.between(1, 99)}.jpg" alt=""></a>',
            f'<a href="{to}">{_ad_line(die)}</a>',
            f'<iframe src="https://ad.example.net/frame?z={die.between(1, 999)}" width="300" height="250"></iframe>',
            f"<style>.pr{die.between(1, 9)} {{ color: red }}</style><a href='{to}'>{_ad_line(die)}</a>",
            f"<script>showAd({die.between(1, 999)});</script><a href='{to}'>{_ad_line(die)}</a>",
        ]
    )
    opening = die.pick(
        [
            '<div style="margin: 10px auto;">',
            '<div class="ad-box">',
            f'<div class="ad-{neutral(die)}">',
            '<div style="width:300px;margin:0 auto">',
        ]
    )
    return f"{opening}{inside}</div>"


def _closing(die: Dice, block: Closing, style: str) -> str:
    shown = words_to_html(die, block.text)
    if "@" in shown and " " not in shown and die.chance(0.15):
        shown = f'<a href="mailto:{shown}">{shown}</a>'
    blank = "<p>&nbsp;</p>" if die.chance(0.3) and style != "breaks" else ""
    return blank + _wrap(die, shown, style)


def _tail(die: Dice) -> str:
    """A banner, links off the site, the copyright line."""
    to = f"http://n-j{die.between(1, 9)}.example.net"
    banner = f'<div><a href="{to}/pf"><img src="https://img.newspim.com/banner/2020/2020_{die.between(1, 40)}.jpg" width="600" height="138"></a></div><br>'
    tout = (
        f'<a href="{to}" target="_new"><span style="font-weight:bold">▶{_ad_line(die)}(확인)</span></a><br/><br/><BR/>'
    )
    return (banner if die.chance(0.5) else "") + (tout if die.chance(0.7) else "") + f"{COPYRIGHT}<BR/>"


def _comment(die: Dice, site: Site) -> str:
    """Commented-out HTML; the article that it names must not be asked for."""
    one = die.pick(site.hidden) if site.hidden else "20170101999999"
    return f'<!-- <p><a href="/news/view/{one}">{die.between(1, 99)}</a></p> -->'
