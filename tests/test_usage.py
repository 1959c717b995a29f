"""Which settings a run had that are not the project's own, without its secrets; what it took of the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.settings import Settings

from newscrawl.reporting.usage import changed_settings, cpu_seconds, free_space, peak_memory, size_of


def settings(**given: str) -> Settings:
    found = Settings({"NEWSCRAWL_DATA_DIR": "data", "DOWNLOAD_DELAY": 1.2}, priority="project")
    for name, value in given.items():
        found.set(name, value, priority="cmdline")
    return found


def test_what_the_command_line_gives_is_told_and_what_the_project_sets_is_not() -> None:
    assert changed_settings(settings(DOWNLOAD_DELAY="0"), {}) == {"DOWNLOAD_DELAY": "0"}


def test_what_the_environment_gives_is_told() -> None:
    environment = {"NEWSCRAWL_DATA_DIR": "/srv/news", "NEWSCRAWL_UNKNOWN": "1", "HOME": "/root"}
    assert changed_settings(settings(), environment) == {"NEWSCRAWL_DATA_DIR": "data"}


@pytest.mark.parametrize(
    "name", ["SPIDERMON_SLACK_SENDER_TOKEN", "MAIL_PASS", "AWS_SECRET_ACCESS_KEY", "A_WEBHOOK_URL", "SMTP_PASSWORD"]
)
def test_secrets_are_hidden(name: str) -> None:
    assert changed_settings(settings(**{name: "opensesame"}), {}) == {name: "…"}


def test_a_password_in_an_address_is_hidden_and_the_rest_is_told() -> None:
    address = "postgresql://news:opensesame@127.0.0.1/news"
    assert changed_settings(settings(NEWSCRAWL_STATE=address), {}) == {
        "NEWSCRAWL_STATE": "postgresql://news:…@127.0.0.1/news"
    }
    address = "postgresql://127.0.0.1/news?user=news&password=opensesame&sslmode=require"
    assert changed_settings(settings(NEWSCRAWL_STATE=address), {}) == {
        "NEWSCRAWL_STATE": "postgresql://127.0.0.1/news?user=news&password=…&sslmode=require"
    }


def test_free_space_is_that_of_a_folder_which_is_still_to_be_made(tmp_path: Path) -> None:
    assert free_space(tmp_path / "a" / "b") == pytest.approx(free_space(tmp_path), rel=0.1)


def test_a_file_that_is_gone_has_no_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"123")
    assert size_of([tmp_path / "a", tmp_path / "b"]) == 3


def test_memory_and_time_are_told() -> None:
    assert cpu_seconds() > 0
    assert (peak_memory() or 0) > 10_000_000
