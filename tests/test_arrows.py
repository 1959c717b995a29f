"""The arrows of imports point one way: spiders and components -> pure rooms -> items."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "newscrawl").rglob("*.py"))
}
PURE = (
    *("text", "identity", "site", "items", "korean", "extraction", "discovery", "arguments", "wanted"),
    *("syndication", "duplicates", "report"),
    *("schema", "record", "revisions", "differences", "ledger_view", "verdict"),
)
# Each pure room, and the rooms that it may know.
KNOWS = {
    "text": set(),
    "items": set(),
    "site": set(),
    "verdict": {"discovery"},
    "schema": {"items"},
    "ledger_view": {"site", "state"},
    "record": {"items", "schema"},
    "revisions": {"items"},
    "differences": {"text"},
    "duplicates": {"korean", "items"},
    "report": {"items", "korean", "discovery"},
    "identity": {"site"},
    "korean": set(),
    "extraction": {"text", "items", "site", "identity", "korean"},
    "discovery": {"text", "items", "site", "identity", "korean", "extraction", "syndication"},
    "arguments": {"text", "site", "identity", "korean"},
    "syndication": {"korean"},
    "wanted": {"items", "site", "discovery", "arguments"},
}


@cache
def imported(module: str) -> frozenset[str]:
    """Every module that a module imports, wherever in it; `from a import b` is a.b where that is a module, else a."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            name = ".".join([*_above(module, node.level), *filter(None, [node.module])])
            below = {f"{name}.{alias.name}" for alias in node.names} & set(MODULES)
            found |= below or {name}
    return frozenset(found)


def _above(module: str, level: int) -> list[str]:
    """The package in which a relative import of so many dots looks."""
    parts = [*module.split("."), *(["__init__"] if MODULES[module].name == "__init__.py" else [])]
    return parts[:-level] if level else []


def room(module: str) -> str:
    """`newscrawl.korean.dates` -> korean; the package itself and what is foreign -> ''."""
    parts = module.split(".")
    return parts[1] if parts[0] == "newscrawl" and len(parts) > 1 else ""


def modules_of(name: str) -> list[str]:
    return [module for module in MODULES if room(module) == name]


def test_the_rooms_are_where_this_test_looks_for_them() -> None:
    assert all(modules_of(name) for name in (*PURE, "spiders", "commands", "newsroom", "spider", "addon"))


@pytest.mark.parametrize("name", PURE)
def test_pure_rooms_know_no_crawler_and_no_network(name: str) -> None:
    foreign = {
        "scrapy",
        "twisted",
        "itemadapter",
        "aiohttp",
        "requests",
        "urllib.request",
        "http",
        "socket",
        "asyncio",
        "sqlite3",
        "logging",
        "subprocess",
        "os",
    }
    for module in modules_of(name):
        found = {other for other in imported(module) if other in foreign or other.split(".")[0] in foreign}
        assert not found, f"{module} imports {found}"


@pytest.mark.parametrize("name", PURE)
def test_pure_rooms_know_only_the_rooms_below_them(name: str) -> None:
    for module in modules_of(name):
        found = {room(other) for other in imported(module)} - {"", name}
        assert found <= KNOWS[name], f"{module} imports {found - KNOWS[name]}"


@pytest.mark.parametrize("name", [name for name in PURE if name not in ("arguments", "report")])
def test_pure_rooms_touch_no_file_and_no_clock(name: str) -> None:
    """`now` is an argument. Files are read by two alone: by `arguments` that of `urls=@file`, by `report` the template of its page."""
    for module in modules_of(name):
        tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
        calls = {
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
        }
        assert not calls & {
            "now",
            "utcnow",
            "today",
            "open",
            "read_text",
            "read_bytes",
            "write_text",
            "write_bytes",
            "print",
            "sleep",
        }, module


def test_a_site_is_data_that_knows_the_spider_and_its_type_alone() -> None:
    for module in modules_of("spiders"):
        assert {room(other) for other in imported(module)} - {""} <= {"site", "spider"}, module


def test_only_the_demo_the_commands_and_the_addon_know_the_newsroom() -> None:
    for module in MODULES:
        if room(module) not in ("newsroom", "commands", "addon"):
            assert "newsroom" not in {room(other) for other in imported(module)}, module


def test_nothing_in_the_machinery_knows_one_site() -> None:
    for module, path in MODULES.items():
        if room(module) not in ("spiders", "newsroom"):
            assert "spiders" not in {room(other) for other in imported(module)}, module
            assert "site.name ==" not in path.read_text(encoding="utf-8"), module


def test_the_package_needs_nothing_that_only_tests_and_benchmarks_have() -> None:
    tools = {"pytest", "hypothesis", "jsonschema", "trafilatura", "mypy", "ruff", "tests", "benchmarks"}
    for module in MODULES:
        assert not {other.split(".")[0] for other in imported(module)} & tools, module


def test_no_arrow_goes_round_in_a_circle() -> None:
    """By rooms: a room that knows another is not known by it, nor by any room that it knows."""
    arrows: dict[str, set[str]] = {}
    for module in MODULES:
        arrows.setdefault(room(module), set()).update({room(other) for other in imported(module)} - {"", room(module)})
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join((*way, name))
        if name not in done:
            for other in sorted(arrows.get(name, ())):
                visit(other, (*way, name))
            done.add(name)

    for name in sorted(arrows):
        visit(name, ())
