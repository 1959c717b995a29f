"""Pages whose body a script fills, in the ways that sites do it: what such a page has in place of its body, and what its scripts ask for."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping

from .answer import Answer, missing
from .dice import FAULT, Dice, dice
from .markup import neutral

KINDS = {
    "filled_inline": "a body that stands in a script of the page",
    "filled_fetched": "a body that a script asks the site for",
    "filled_late": "a request to wait, which a script replaces after a while",
    "filled_created": "no body container: a script makes it",
    "filled_restless": "a body that a script asks for, on a page that then asks for ever",
    "filled_forbidden": "a body that a script asks for where robots.txt forbids it",
    "unfilled": "a body that never comes, on a page that asks for ever",
}
"""Kinds of faults. The truth of the record is what a reader sees; nobody sees the body of the last two."""
UNSEEN = frozenset({"filled_forbidden", "unfilled"})
_CONTAINER = re.compile(r"\A(?P<opening><[^>]+>)(?P<inside>.*)(?P<closing></[^>]+>)\s*\Z", re.DOTALL)
_WAITING = ("분석 중...", "분석 중…", "<p>불러오는 중입니다.</p>", '<span class="dots"><em>로딩 중</em></span>')
_EMPTY = (
    "",
    "\n",
    "<!-- 본문 -->",
    '<p class="skeleton"></p><p class="skeleton"></p>',
    "<noscript>자바스크립트를 켜 주세요</noscript>",
)
_ADDRESSES = ("/api/articles/{id}", "/news/body?no={id}", "https://api.newspim.com/v2/contents/{id}.json")
_BODY = re.compile(r"/(?:api/articles/|news/body\?no=|v2/contents/|search/body\?no=)(\d{14})(?:\.json)?$")
_NUMBERS = 500_000_000_000  # beyond those of other faults
_SCRIPTS = "/js/contents.js"
# What pages ask for besides, of others: advertisements, measurers, libraries. Nothing of it brings a word.
_BESIDE = (
    '<script src="https://ads.example.net/show.js" async></script>',
    '<script src="https://code.jquery.com/jquery-3.7.1.min.js"></script>',
    "<script>navigator.sendBeacon('https://collect.example.com/view');</script>",
    "<script>fetch('https://measure.example.org/hit', {method: 'POST', body: 'x'}).catch(function () {});</script>",
    "<script>try { new WebSocket('wss://live.example.net/'); } catch (e) {}</script>",
    "<script>if (navigator.serviceWorker) navigator.serviceWorker.register('/worker.js').catch(function () {});</script>",
    "<script>window.open('https://ads.example.net/popup');</script>",
    '<iframe src="https://ads.example.net/frame"></iframe>',
    '<img src="https://ad.newspim.com/banner.gif">',
    '<link rel="stylesheet" href="https://cdn.example.net/site.css">',
)
_SHARED = """
(function () {
  window.putContents = function (where, html) { where.innerHTML = html; };
  window.getContents = function (address, then) {
    var asked = new XMLHttpRequest();
    asked.open('GET', address);
    asked.onload = function () { then(JSON.parse(asked.responseText).html); };
    asked.send();
  };
})();
"""


def scripted(kind: str, seed: int, id: str, number: int, container: str) -> str:
    """What stands in place of a body's container, given as HTML, on a page of this kind."""
    die = dice(seed, FAULT, _NUMBERS + number)
    beside = "\n".join(one for one in _BESIDE if die.chance(0.4))
    filled = _filled(die, kind, id, container)
    return f"{beside}\n{filled}" if die.chance(0.5) else f"{filled}{beside}\n"


def _filled(die: Dice, kind: str, id: str, container: str) -> str:
    found = _CONTAINER.match(container)
    assert found is not None
    opening, inside, closing = found.group("opening", "inside", "closing")
    if kind == "filled_created":
        return _created(die, opening, inside, closing)
    waits = kind in ("filled_late", "unfilled") or die.chance(0.3)
    empty = f"{opening}{die.pick(_WAITING if waits else _EMPTY)}{closing}\n"
    where = f"document.querySelector({_quoted(_selector(opening))})"
    if kind == "unfilled":
        return f"{empty}<script>setInterval(function () {{ fetch('/api/ready?no={id}'); }}, 300);</script>\n"
    if kind == "filled_inline":
        return empty + _inline(die, where, inside, 0)
    if kind == "filled_late":
        return empty + _inline(die, where, inside, die.between(300, 1200))
    return empty + _fetched(die, kind, where, id)


def _inline(die: Dice, where: str, inside: str, after: int) -> str:
    """The body in the page, in one of the forms in which data stand in one; put in its place at once, or some milliseconds later."""
    name = neutral(die).replace("-", "_")
    data = {name: {"html": inside}} if die.chance(0.5) else {"data": [{name: inside}]}
    path = f"[{_quoted(name)}].html" if "data" not in data else f".data[0][{_quoted(name)}]"
    text = json.dumps(data, ensure_ascii=die.chance(0.5)).replace("</", "<\\/")
    form = die.pick(("variable", "element", "encoded", "template"))
    if form == "template":
        return f'<template id="{name}">{inside}</template>\n' + _script(
            die, f"{where}.replaceChildren(document.getElementById('{name}').content.cloneNode(true));", after
        )
    before = ""
    if form == "variable":
        read = text
    elif form == "element":
        before = f'<script type="application/json" id="{name}">{text}</script>\n'
        read = f"JSON.parse(document.getElementById('{name}').textContent)"
    else:
        packed = base64.b64encode(text.encode()).decode()
        read = f"JSON.parse(new TextDecoder().decode(Uint8Array.from(atob('{packed}'), function (c) {{ return c.charCodeAt(0); }})))"
    return before + _script(die, f"{where}.innerHTML = ({read}){path};", after)


def _script(die: Dice, code: str, after: int) -> str:
    """A script that does it at once, when the page is ready, or some milliseconds later."""
    if after:
        code = f"setTimeout(function () {{ {code} }}, {after});"
    elif die.chance(0.5):
        code = f"document.addEventListener('DOMContentLoaded', function () {{ {code} }});"
    return f"<script>{code}</script>\n"


def _created(die: Dice, opening: str, inside: str, closing: str) -> str:
    """A place for the body that is no container, and a script that puts one there."""
    place = neutral(die)
    whole = _quoted(opening + inside + closing)
    if die.chance(0.5):
        put = f"document.getElementById('{place}').innerHTML = {whole};"
    else:
        put = f"document.getElementById('{place}').insertAdjacentHTML('beforebegin', {whole});"
    return f'<div id="{place}">{die.pick(_EMPTY)}</div>\n{_script(die, put, die.pick((0, 0, 400)))}'


def _fetched(die: Dice, kind: str, where: str, id: str) -> str:
    """Scripts that ask the site for the body: of the page's own, or one that pages share."""
    address = "/search/body?no={id}" if kind == "filled_forbidden" else die.pick(_ADDRESSES)
    address = address.format(id=id)
    for_ever = "setInterval(function () { fetch('/api/views'); }, 200);" if kind == "filled_restless" else ""
    if die.chance(0.5):
        call = f"getContents('{address}', function (html) {{ putContents({where}, html); }}); {for_ever}"
        return f'<script src="{_SCRIPTS}"></script>\n<script>{call}</script>\n'
    call = f"fetch('{address}').then(function (one) {{ return one.json(); }}).then(function (one) {{ {where}.innerHTML = one.html; }});"
    return _script(die, f"{call} {for_ever}", 0)


def more_of_it(die: Dice, how: str, name: str) -> str:
    """What stands below a list of this id that shows more when somebody presses a button, or scrolls to its end (`how`)."""
    get = (
        f"var list = document.getElementById('{name}'), busy = false; function more() {{ if (busy) return; busy = true;"
        " fetch('/quicknews/more?from=' + list.children.length).then(function (one) { return one.text(); })"
        ".then(function (rows) { list.insertAdjacentHTML('beforeend', rows); busy = !rows; }); }"
    )
    if how == "scroll":
        end = f"{name}_end"
        watch = f"new IntersectionObserver(function (seen) {{ if (seen[0].isIntersecting) more(); }}).observe(document.getElementById('{end}'));"
        return f'<div id="{end}" style="height: 1px"></div><script>{get} {watch}</script>'
    label = die.pick(("더보기", "더보기 +", "[더보기]", "속보 더보기"))
    control = die.pick(
        (
            f'<button type="button" onclick="more()">{label}</button>',
            f'<a href="#" onclick="more(); return false">{label}</a>',
            f'<a href="javascript:more()"><span>{label}</span></a>',
        )
    )
    return f"<script>{get}</script><div>{control}</div>"


def _quoted(text: str) -> str:
    """A text as a string of a script."""
    return json.dumps(text, ensure_ascii=False).replace("</", "<\\/")


def _selector(opening: str) -> str:
    """That of an opening tag, by its id or class."""
    for name, sign in (("id", "#"), ("class", ".")):
        if found := re.search(rf"\s{name}=[\"']?([\w-]+)", opening):
            return f"{sign}{found[1]}"
    raise ValueError(opening)


def asked_body(target: str) -> str | None:
    """The article for whose body a script asks; None for any other address."""
    found = _BODY.match(target)
    return found[1] if found else None


def body_answer(container: str) -> Answer:
    """A body for a script, as JSON."""
    found = _CONTAINER.match(container)
    assert found is not None
    return Answer(200, json.dumps({"html": found["inside"]}, ensure_ascii=False).encode(), "application/json")


def other_answer(path: str, struck: Mapping[str, str]) -> Answer | None:
    """What else scripts ask for; None for what no script does. A site without such pages has none of it."""
    if not set(struck.values()) & set(KINDS):
        return None
    if path == _SCRIPTS:
        return Answer(200, _SHARED.encode(), "text/javascript; charset=utf-8")
    if path in ("/api/views", "/api/ready"):
        return Answer(200, b'{"ready": false}', "application/json")
    return missing() if path.startswith("/api/") else None
