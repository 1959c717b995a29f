"""Spidermon asks the monitors when the engine has stopped, and its actions tell what began and what is over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self

import pytest
from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from benchmarks import _weeks as site
from newscrawl.monitors import actions
from newscrawl.monitors.checks import ROWS
from newscrawl.monitors.finding import Finding
from newscrawl.monitors.notices import PASSES, Place, Trouble

from .receivers import Receiver, http_receiver, smtp_receiver
from .weeks import Figures, at, history, one

SPIDERMON = "newscrawl.monitors.extension.ShortSpidermon"
TOKEN = "xoxb-secret"
# Of Scrapy's own: what cannot stop without having started.
NOT_STARTED = {f"scrapy.extensions.{name}": None for name in ("logstats.LogStats", "memusage.MemoryUsage")}


class Site:
    """What lasts between runs: the runs, and the troubles. `now`: the place of the run to come."""

    def __init__(self) -> None:
        self.now = at(1, 10)
        self.troubles: list[Trouble] = []
        self.findings: list[Mapping[str, Finding]] = []

    def run(self, change: Callable[[Figures], None] = lambda run: None, **settings: Any) -> None:
        """A run that comes to its end."""
        figures, _ = one(self.now)
        change(figures)
        Report.of = self, figures  # not by a setting: a crawler copies those
        crawler = get_crawler(
            Spider,
            {
                "EXTENSIONS": {SPIDERMON: 500, Report: 0, **NOT_STARTED},
                "SPIDERMON_ENABLED": True,
                "SPIDERMON_ENGINE_STOP_MONITORS": ["newscrawl.monitors.suite.RunMonitors"],
                "TELNETCONSOLE_ENABLED": False,
                **settings,
            },
        )
        crawler.spider = crawler._create_spider("newspim")
        crawler.signals.send_catch_log(signals.spider_opened, spider=crawler.spider)
        crawler.signals.send_catch_log(signals.spider_closed, spider=crawler.spider, reason="finished")
        crawler.signals.send_catch_log(signals.engine_stopped)
        self.now += 1


class Report:
    """Stands for the extension that knows the run."""

    of: ClassVar[tuple[Site, Figures]]
    is_known = True

    def __init__(self) -> None:
        self.site, self._figures = self.of
        self._history = history()[: self.site.now]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls()

    def figures(self) -> Figures:
        return self._figures

    def history(self) -> Sequence[Figures]:
        return self._history

    def place(self) -> Place:
        return Place("newspim", self._figures["id"], "reports/12/run.json")

    def judged(self, findings: Mapping[str, Finding]) -> None:
        self.site.findings.append(findings)

    def change_troubles(self, how: Callable[[Sequence[Trouble]], Sequence[Trouble]]) -> Sequence[Trouble]:
        self.site.troubles = [one for one in how(self.site.troubles) if not one.is_done]
        return self.site.troubles


@pytest.fixture
def wire() -> Site:
    return Site()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with http_receiver() as found:
        yield found


@pytest.fixture
def mailbox() -> Iterator[Receiver]:
    with smtp_receiver() as found:
        yield found


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_each_row_is_a_named_monitor_in_its_order(wire: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        wire.run()
    shown = [line for record in caplog.records if (line := record.getMessage()).endswith("... OK")]
    assert shown == [f"Run/{row.name}... OK" for row in ROWS]


def test_a_run_that_is_well_says_so_in_one_line(wire: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        wire.run()
    ours = [
        record.getMessage()
        for record in caplog.records
        if "onitor" in record.getMessage() and "Enabled" not in record.getMessage()
    ]
    assert ours == [f"Monitors: {len(ROWS)} of {len(ROWS)} passed"]
    assert not errors(caplog)


def test_a_monitor_that_fails_says_in_one_line_of_the_log_what_is_wrong(
    wire: Site, caplog: pytest.LogCaptureFixture
) -> None:
    wire.run(site.full_disk)
    (error,) = errors(caplog)
    assert error.startswith("Monitor disk: 0.0 GiB free, less than NEWSCRAWL_MONITORS_DISK")
    assert "\n" not in error


def test_without_the_extension_that_knows_the_run_every_monitor_fails(
    wire: Site, caplog: pytest.LogCaptureFixture
) -> None:
    wire.run(EXTENSIONS={SPIDERMON: 500, "scrapy.extensions.logstats.LogStats": None})
    assert any("no extension knows the run's figures" in one for one in errors(caplog))


def test_the_extension_takes_the_findings_once(wire: Site) -> None:
    wire.run(site.full_disk)
    assert [[name for name, found in run.items() if not found.passed] for run in wire.findings] == [["disk"]]


def test_settings_are_the_limits(wire: Site) -> None:
    wire.run(NEWSCRAWL_MONITORS_DISK=10**12)
    assert not wire.findings[0]["disk"].passed


def test_a_webhook_is_told_of_a_trouble_once_and_of_its_end(wire: Site, receiver: Receiver) -> None:
    for _ in range(3):
        wire.run(site.full_disk, NEWSCRAWL_WEBHOOK_URL=receiver.url)
    assert len(receiver.told) == 1
    (row,) = receiver.told[0]["troubles"]
    assert (row["monitor"], row["over"]) == ("disk", False)
    assert receiver.told[0]["text"].startswith("newspim, run ")
    for _ in range(PASSES + 1):
        wire.run(NEWSCRAWL_WEBHOOK_URL=receiver.url)
    assert [told["troubles"][0]["over"] for told in receiver.told] == [False, True]
    assert not wire.troubles


def test_slack_is_told_by_its_api(wire: Site, receiver: Receiver) -> None:
    wire.run(
        site.quiet("경제"),
        SPIDERMON_SLACK_SENDER_TOKEN=TOKEN,
        SPIDERMON_SLACK_SENDER_NAME="newscrawl",
        SPIDERMON_SLACK_RECIPIENTS="#news,#alarms",
        NEWSCRAWL_SLACK_API=receiver.url,
        NEWSCRAWL_MONITORS_ITEMS={"latest": 10_000},
    )
    assert receiver.paths == ["/chat.postMessage"] * 2
    assert [told["channel"] for told in receiver.told] == ["#news", "#alarms"]
    assert receiver.headers[0]["Authorization"] == f"Bearer {TOKEN}"
    assert "NEWSCRAWL_MONITORS_ITEMS asks for 10,000" in receiver.told[0]["text"]


def test_an_error_of_slack_is_not_taken_for_success(
    wire: Site, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answer = {"ok": False, "error": "channel_not_found"}
    slack = {
        "SPIDERMON_SLACK_SENDER_TOKEN": TOKEN,
        "SPIDERMON_SLACK_RECIPIENTS": "#news",
        "NEWSCRAWL_SLACK_API": receiver.url,
    }
    wire.run(site.full_disk, **slack)
    assert any(
        "slack was not told: channel_not_found; after the next run it is: [newspim] disk" in one
        for one in errors(caplog)
    )
    assert wire.troubles[0].owed == {"slack"}


def test_telegram_is_told_in_plain_text(wire: Site, receiver: Receiver) -> None:
    telegram = {
        "SPIDERMON_TELEGRAM_SENDER_TOKEN": "1:x",
        "SPIDERMON_TELEGRAM_RECIPIENTS": "-100",
        "NEWSCRAWL_TELEGRAM_API": receiver.url,
    }
    wire.run(site.full_disk, **telegram)
    assert receiver.paths == ["/bot1:x/sendMessage"]
    assert receiver.told[0].keys() == {"chat_id", "text"}
    assert "disk: 0.0 GiB free" in receiver.told[0]["text"]


def test_discord_is_told_and_nobody_is_mentioned(wire: Site, receiver: Receiver) -> None:
    receiver.status = 204
    wire.run(
        lambda run: run.update(exit_code=1, problems=["@everyone" * 400]), SPIDERMON_DISCORD_WEBHOOK_URL=receiver.url
    )
    assert len(receiver.told[0]["content"]) == 2_000
    assert receiver.told[0]["allowed_mentions"] == {"parse": []}
    assert not wire.troubles[0].owed


def test_an_email_is_sent(wire: Site, mailbox: Receiver) -> None:
    wire.run(
        site.full_disk,
        SPIDERMON_SMTP_HOST="127.0.0.1",
        SPIDERMON_SMTP_PORT=mailbox.port,
        SPIDERMON_EMAIL_SENDER="crawl@example.org",
        SPIDERMON_EMAIL_TO="a@example.org, b@example.org",
    )
    (mail,) = mailbox.mails
    assert mail["Subject"] == "[newspim] disk"
    assert mail["To"] == "a@example.org, b@example.org"
    assert "disk: 0.0 GiB free" in mail.get_content()


def test_who_is_not_reached_is_told_after_the_next_run(
    wire: Site, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    with http_receiver() as gone:
        pass
    wire.run(site.full_disk, NEWSCRAWL_WEBHOOK_URL=gone.url, SPIDERMON_DISCORD_WEBHOOK_URL=receiver.url)
    assert any(one.startswith("webhook was not told: ") and "\n" not in one for one in errors(caplog))
    assert len(receiver.told) == 1  # the others are
    wire.run(site.full_disk, NEWSCRAWL_WEBHOOK_URL=receiver.url, SPIDERMON_DISCORD_WEBHOOK_URL=receiver.url)
    assert len(receiver.told) == 2


def test_a_receiver_that_never_answers_does_not_keep_the_run(
    wire: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PATIENCE", 0.1)
    with listening() as port:
        wire.run(site.full_disk, NEWSCRAWL_WEBHOOK_URL=f"http://127.0.0.1:{port}/")
    assert any(one.startswith("webhook was not told: ") for one in errors(caplog))


def listening() -> Any:
    """A port that takes connections and says nothing."""
    import socket
    from contextlib import closing, contextmanager

    @contextmanager
    def silent() -> Iterator[int]:
        with closing(socket.create_server(("127.0.0.1", 0))) as server:
            yield server.getsockname()[1]

    return silent()


def test_a_redirect_is_not_followed(wire: Site, receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    receiver.status = 302
    wire.run(site.full_disk, NEWSCRAWL_WEBHOOK_URL=receiver.url)
    assert any("webhook was not told: status 302" in one for one in errors(caplog))


def test_no_secret_comes_into_the_log(wire: Site, receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    receiver.status = 404
    secret = f"{receiver.url}hooks/s3cret"
    with caplog.at_level(logging.DEBUG):
        wire.run(site.full_disk, NEWSCRAWL_WEBHOOK_URL=secret, SPIDERMON_DISCORD_WEBHOOK_URL=secret)
    assert len(receiver.told) == 2
    assert "s3cret" not in caplog.text


def test_an_address_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="NEWSCRAWL_WEBHOOK_URL is no address that begins with https://"):
        Site().run(NEWSCRAWL_WEBHOOK_URL="hooks.example.org/x")
