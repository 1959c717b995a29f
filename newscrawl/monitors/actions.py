"""Actions of Spidermon that tell notices: Slack, Telegram, Discord, e-mail, a webhook.

Spidermon 1.27 has the first four. They are not used, because a notice could be lost with them: its e-mail goes by `scrapy.mail`, which is
deprecated, in a Deferred that nobody waits for, and with the source of a message as its text; its Telegram puts the text into an address
unescaped, where `&` ends it, and takes an error of the API for success; its Slack asks for all users before each message; all wait up to a
minute, and need jinja2, slack-sdk, premailer or requests. These take the same settings, and need the standard library.
"""

from __future__ import annotations

import json
import logging
import smtplib
import threading
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from email.message import EmailMessage
from http.client import HTTPException
from typing import Any, ClassVar, Protocol, Self
from urllib.error import HTTPError
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from spidermon import Action, SkipAction

from newscrawl.monitors.notices import Place, Trouble, message, subject

logger = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds for one receiver: the run waits for it with its end
_SLACK, _TELEGRAM = "https://slack.com/api/", "https://api.telegram.org/"


class NotTold(Exception):
    """The receiver refused a notice; why."""


class HasTroubles(Protocol):
    """The part of `suite.KnowsTheRun` that is needed here."""

    def place(self) -> Place:
        """What a notice says of where it comes from."""

    def change_troubles(self, how: Callable[[Sequence[Trouble]], Sequence[Trouble]]) -> Sequence[Trouble]:
        """Reads, changes and writes the site's troubles in one transaction."""


class Tell(Action):  # type: ignore[misc]  # Spidermon has no types
    """Tells whom it is for what is owed to them, all in one message. What could not be told is told after the next run."""

    receiver: ClassVar[str]
    needs: ClassVar[tuple[str, ...]]
    """Settings without which nobody is told."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__()
        self.settings = settings
        self.run_to_tell: HasTroubles | None = None
        for name in self.needs:
            if name.endswith("_URL") and self.is_set:
                check_url(name, settings[name])

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Raises ValueError for an address that is none."""
        return cls(crawler.settings)

    @property
    def is_set(self) -> bool:
        """Whether there is anybody to tell."""
        return all(self.settings.get(name) for name in self.needs)

    def run_action(self) -> None:
        """Tell what is owed. An unreachable receiver is one line of the log, and loses nothing."""
        if not self.is_set:
            raise SkipAction(f"{' and '.join(name for name in self.needs if not self.settings.get(name))} not set")
        run = self.run_to_tell
        assert run is not None  # the suite has set it
        owed = [one for one in run.change_troubles(lambda troubles: troubles) if self.receiver in one.owed]
        if not owed:
            raise SkipAction("no news")
        if why := self._refusal(owed, run.place()):
            logger.error(
                "%s was not told: %s; after the next run it is: %s", self.receiver, why, subject(owed, run.place())
            )
            return
        keys = {(one.monitor, one.began_at) for one in owed}
        run.change_troubles(lambda troubles: [self._told(one, keys) for one in troubles])

    def _refusal(self, owed: Sequence[Trouble], place: Place) -> str:
        """Send it; why that was not possible, empty when it was."""
        try:
            within(PATIENCE, lambda: self.send(owed, place))
        except (OSError, HTTPException, NotTold) as error:
            return str(error) or type(error).__name__
        return ""

    def _told(self, trouble: Trouble, keys: set[tuple[str, int]]) -> Trouble:
        if (trouble.monitor, trouble.began_at) not in keys:
            return trouble
        return replace(trouble, owed=trouble.owed - {self.receiver})

    def send(self, troubles: Sequence[Trouble], place: Place) -> None:
        """Send one message. Raises OSError, HTTPException or NotTold."""
        raise NotImplementedError


def check_url(name: str, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{name} is no address that begins with https://")  # without it: it is a secret


def within(seconds: float, work: Callable[[], None]) -> None:
    """Do it in at most so many seconds: a socket's own limit is for each part of an answer, and none for the look-up of a name. Raises what it
    raises, or TimeoutError, and leaves it then to itself."""
    raised: list[BaseException] = []

    def do() -> None:
        try:
            work()
        except (OSError, HTTPException, NotTold) as error:
            raised.append(error)

    thread = threading.Thread(target=do, daemon=True, name="notice")
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if thread.is_alive():
        raise TimeoutError(f"no answer in {seconds:,.0f} s")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected POST would become a GET without its text; so it is an error."""

    def redirect_request(self, *_: Any) -> None:
        return None


def post(url: str, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Any:
    """POST JSON; returns the answer's JSON, None where it has none. Raises NotTold for a status from 300 on, OSError and HTTPException."""
    request = urllib.request.Request(  # the addresses are http or https: checked, or our own
        url,
        data=json.dumps(content, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "newscrawl", **(headers or {})},
    )
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=PATIENCE) as answer:
            text = answer.read(65_536)
    except HTTPError as error:
        error.close()  # it is the answer, too
        raise NotTold(f"status {error.code}") from None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


class TellSlack(Tell):
    """`chat.postMessage` of Slack's API, with a bot's token."""

    receiver = "slack"
    needs = ("SPIDERMON_SLACK_SENDER_TOKEN", "SPIDERMON_SLACK_RECIPIENTS")

    def send(self, troubles: Sequence[Trouble], place: Place) -> None:
        """To each channel. `&`, `<` and `>` are control characters there (docs.slack.dev, "Formatting message text")."""
        text = message(troubles, place).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        url = f"{self.settings.get('NEWSCRAWL_SLACK_API') or _SLACK}chat.postMessage"
        for channel in self.settings.getlist("SPIDERMON_SLACK_RECIPIENTS"):
            content = {"channel": channel, "text": _cut(text, 4_000), "mrkdwn": False, "unfurl_links": False}
            if name := self.settings.get("SPIDERMON_SLACK_SENDER_NAME"):
                content["username"] = name
            answer = post(url, content, {"Authorization": f"Bearer {self.settings['SPIDERMON_SLACK_SENDER_TOKEN']}"})
            _expect_ok(answer, "error")  # an error has status 200 too


class TellTelegram(Tell):
    """`sendMessage` of Telegram's Bot API; plain text, so that nothing needs an escape."""

    receiver = "telegram"
    needs = ("SPIDERMON_TELEGRAM_SENDER_TOKEN", "SPIDERMON_TELEGRAM_RECIPIENTS")

    def send(self, troubles: Sequence[Trouble], place: Place) -> None:
        """To each chat; 4,096 characters at most, says core.telegram.org/bots/api."""
        base = self.settings.get("NEWSCRAWL_TELEGRAM_API") or _TELEGRAM
        url = f"{base}bot{self.settings['SPIDERMON_TELEGRAM_SENDER_TOKEN']}/sendMessage"
        for chat in self.settings.getlist("SPIDERMON_TELEGRAM_RECIPIENTS"):
            _expect_ok(post(url, {"chat_id": chat, "text": _cut(message(troubles, place), 4_096)}), "description")


def _expect_ok(answer: Any, why: str) -> None:
    if not isinstance(answer, dict) or not answer.get("ok"):
        raise NotTold(str(answer.get(why)) if isinstance(answer, dict) else "an answer that is not the API's")


class TellDiscord(Tell):
    """A webhook of Discord."""

    receiver = "discord"
    needs = ("SPIDERMON_DISCORD_WEBHOOK_URL",)

    def send(self, troubles: Sequence[Trouble], place: Place) -> None:
        """2,000 characters at most; nobody is mentioned, whatever a title says."""
        content = {"content": _cut(message(troubles, place), 2_000), "allowed_mentions": {"parse": []}}
        post(self.settings["SPIDERMON_DISCORD_WEBHOOK_URL"], content)


class TellWebhook(Tell):
    """Any address that takes JSON."""

    receiver = "webhook"
    needs = ("NEWSCRAWL_WEBHOOK_URL",)

    def send(self, troubles: Sequence[Trouble], place: Place) -> None:
        """The text, and the same as data. Times are seconds since 1970."""
        rows = [
            {
                "monitor": one.monitor,
                "over": one.over_at is not None,
                "text": one.text,
                "began_at": one.began_at,
                "began_run": one.began_run,
                "over_at": one.over_at,
            }
            for one in troubles
        ]
        content = {"site": place.site, "run": place.run, "report": place.report, "troubles": rows}
        post(self.settings["NEWSCRAWL_WEBHOOK_URL"], content | {"text": message(troubles, place)})


class TellEmail(Tell):
    """An e-mail by SMTP, with or without a login."""

    receiver = "email"
    needs = ("SPIDERMON_SMTP_HOST", "SPIDERMON_EMAIL_SENDER", "SPIDERMON_EMAIL_TO")

    def send(self, troubles: Sequence[Trouble], place: Place) -> None:
        """To all addresses at once."""
        mail = EmailMessage()
        mail["Subject"] = subject(troubles, place)
        mail["From"] = self.settings["SPIDERMON_EMAIL_SENDER"]
        mail["To"] = ", ".join(address.strip() for address in self.settings.getlist("SPIDERMON_EMAIL_TO"))
        mail.set_content(message(troubles, place))
        with self._server() as server:
            if user := self.settings.get("SPIDERMON_SMTP_USER"):
                server.login(user, self.settings.get("SPIDERMON_SMTP_PASSWORD") or "")
            server.send_message(mail)

    def _server(self) -> smtplib.SMTP:
        host, port = self.settings["SPIDERMON_SMTP_HOST"], self.settings.getint("SPIDERMON_SMTP_PORT")
        if self.settings.getbool("SPIDERMON_SMTP_ENFORCE_SSL"):
            return smtplib.SMTP_SSL(host, port or 465, timeout=PATIENCE)
        server = smtplib.SMTP(host, port or 25, timeout=PATIENCE)
        if self.settings.getbool("SPIDERMON_SMTP_ENFORCE_TLS"):
            server.starttls()
        return server
