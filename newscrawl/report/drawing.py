"""A chart -> a small SVG: pygal lays it out, and what the page has already is left away.

pygal gives every SVG its own styles, scripts and settings, 40 kB of them. A page has one style, and its colours follow the reader's theme, so
only shapes and words are taken over; what a mark means is a <title>, which a browser shows on hover without a script.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import pygal
from pygal.style import Style

from newscrawl.report.foreign import em
from newscrawl.report.words import Both

# pygal leaves a finder of map plugins behind, of an old form: with Python 3.11 each later import that fails would warn of it.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

WIDTH = 380  # of the drawing: little more than on a phone, so that words keep their size there
FONT = 12
_LEFT_AWAY = {"background", "titles", "tooltip", "plot text-overlay", "plot tooltip-overlay"}
_KINDS = {
    "columns": pygal.StackedBar,
    "bars": pygal.HorizontalBar,
    "stacked bars": pygal.HorizontalStackedBar,
    "lines": pygal.Line,
}
_KEPT = ("x", "y", "width", "height", "cx", "cy", "r", "d", "transform")
_NUMBER = re.compile(r"(?<!\d)\d++\.\d++")  # 83.076923: a tenth of a unit is fine enough for an eye


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: its name, a value for each label (None where there is none), what each mark says on hover. `faint`: outlined, so
    that it is told from its neighbour without colour."""

    name: Both
    values: Sequence[float | None]
    tips: Sequence[Both]
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn. `kind`: columns (stacked, upright), bars (lying, beside each other), stacked bars, or lines. `major`: the places of the
    labels that are written out. `ticks`: the values that the scale names, in `wording`."""

    kind: str
    labels: Sequence[Both]
    series: Sequence[Series]
    ticks: Sequence[float]
    wording: Callable[[float], Both]
    major: frozenset[int] | None = None


def draw(chart: Chart) -> str:
    """The chart as <svg>, to stand inside a page."""
    labels = [_stand_in("#", place, words) for place, words in enumerate(chart.labels)]
    ticks = [_stand_in("@", place, chart.wording(one)) for place, one in enumerate(chart.ticks)]
    words = dict(zip(labels, chart.labels, strict=True)) | dict(
        zip(ticks, map(chart.wording, chart.ticks), strict=True)
    )
    tree = _laid_out(chart, labels, dict(zip(chart.ticks, ticks, strict=True))).render_tree()
    (root,) = _Slim(words, [tip for series in chart.series for tip in series.tips], chart.series).copy(tree, tree)
    root.attrib = {"class": "drawing", "viewBox": f"0 0 {WIDTH} {_height(chart)}", "aria-hidden": "true"}
    return ET.tostring(root, encoding="unicode")


def _laid_out(chart: Chart, labels: Sequence[str], ticks: Mapping[float, str]) -> Any:
    """pygal's chart, told the place of each mark's words in place of the words."""
    lying = "bars" in chart.kind
    order = range(len(labels))[::-1] if lying else range(len(labels))  # lying bars are drawn from the bottom up
    found = _KINDS[chart.kind](
        width=WIDTH,
        height=_height(chart),
        js=(),  # default: two files on a server
        no_prefix=True,  # default: a random id
        show_legend=False,
        margin=6,
        margin_right=16,
        truncate_label=-1,
        dots_size=2.5,
        allow_interruptions=True,
        style=Style(label_font_size=FONT, major_label_font_size=FONT),
        x_labels=[labels[at] for at in order],
        x_labels_major=[labels[at] for at in sorted(chart.major or order)],
        show_minor_x_labels=lying,
        y_labels=chart.ticks,
        range=(chart.ticks[0], chart.ticks[-1]),
        value_formatter=lambda value: ticks.get(value, ""),
    )
    for place, series in enumerate(chart.series):
        first = place * len(labels)
        found.add("", [{"value": series.values[at], "label": str(first + at)} for at in order])
    return found


def _height(chart: Chart) -> int:
    """Upright charts are all alike; lying ones grow with their bars."""
    if "bars" not in chart.kind:
        return 250
    return 50 + len(chart.labels) * (26 if chart.kind == "stacked bars" else 12 + 9 * len(chart.series))


def _stand_in(mark: str, place: int, words: Both) -> str:
    """What pygal is told in place of some words: no other's, and as wide as the wider of the two languages. It takes a sign for 0.6 em."""
    return f"{mark}{place}".ljust(math.ceil(max(map(em, words)) / 0.6))


@dataclass(frozen=True, slots=True)
class _Slim:
    """Copies what pygal laid out, without what the page has already: `words` for their stand-ins, `tips` by their places."""

    words: Mapping[str, Both]
    tips: Sequence[Both]
    series: Sequence[Series]

    def copy(self, node: Any, parent: Any) -> list[ET.Element]:
        """None, the element itself, or, of a group that says nothing, its children."""
        if _left_away(node):
            return []
        name = node.tag.rpartition("}")[2]
        made = ET.Element(name, {key: _NUMBER.sub(_rounded, one) for key in _KEPT if (one := node.get(key))})
        if kind := self._class(node):
            made.set("class", kind)
        made.extend(part for child in node for part in self.copy(child, node))
        if name == "text":
            _write(made, self.words[node.text])
        if "tooltip-trigger" in node.get("class", ""):
            _tell(made, self.tips[int(next(child.text for child in parent if child.get("class") == "label"))])
        if name != "g":
            return [made]
        return [made] if len(made) and made.attrib else list(made)

    def _class(self, node: Any) -> str:
        """The classes that the page's style knows: s0, s1 … for series, x and y for axes, zero, guide and line for lines."""
        classes = str(node.get("class") or "").split()
        if "series" in classes:
            place = int(classes[1].removeprefix("serie-"))
            return f"s{place} faint" if self.series[place].faint else f"s{place}"
        if "line" in classes:
            return "line" if "reactive" in classes else "guide" if "guide" in classes else "zero"
        return classes[1] if "axis" in classes else ""


def _left_away(node: Any) -> bool:
    """Whether an element is a comment, pygal's own help for hovering, or a bar of no size."""
    if not isinstance(node.tag, str) or node.get("class") in _LEFT_AWAY:
        return True
    name = node.tag.rpartition("}")[2]
    sides = (
        [node.get(side) for side in ("width", "height")] if name == "rect" else []
    )  # lying bars of no size have none
    return name in ("defs", "title", "desc") or any(side in (None, "0", "0.0") for side in sides)


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


def _write(text: ET.Element, words: Both) -> None:
    """Words in both languages, of which the style shows one."""
    if words.ko == words.en:
        text.text = words.ko
        return
    for lang, part in zip(("ko", "en"), words, strict=True):
        ET.SubElement(text, "tspan", lang=lang).text = part


def _tell(mark: ET.Element, words: Both) -> None:
    """What a mark says: in Korean; English, where it differs, is left to the page's script."""
    ET.SubElement(mark, "title").text = words.ko
    if words.en != words.ko:
        mark.set("data-en", words.en)
