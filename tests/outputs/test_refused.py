"""Outputs on other machines that cannot be written, or must not be: one clear line before the start, and no secret in it."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.settings import Settings

from newscrawl.storage import UploadError, check_addresses, check_outputs, remote_storage

from .conftest import SECRET, Store, become


def settings_of(**given: Any) -> Settings:
    """The project's, and these."""
    settings = Settings()
    settings.setmodule("newscrawl.settings")
    settings.update(given, "cmdline")
    return settings


def refusal(address: str, options: dict[str, Any] | None = None, **given: Any) -> str:
    """What is said of an output."""
    with pytest.raises(ValueError, match=r".") as refused:
        check_outputs({address: {"format": "jsonl", "overwrite": True} | (options or {})}, settings_of(**given))
    return str(refused.value)


# What is wrong can be read from the address


@pytest.mark.parametrize(
    "address",
    [
        "s3://AKIATESTS:opensesame@bucket/a.jsonl",
        f"s3://AKIATESTS:{SECRET}@bucket/a.jsonl",
        "s3://opensesame@bucket/a.jsonl",
        "s3:/AKIATESTS:opensesame@bucket/a.jsonl",
        "s3:AKIATESTS:opensesame@bucket/a.jsonl",
        "azure://AKIATESTS:opensesame@bucket/a.jsonl",
        "gs://user:opensesame@bucket/a.jsonl",
        "ftp://user:opensesame@127.0.0.1/a.jsonl",
        f"ftp://user:{SECRET}@127.0.0.1/a.jsonl",
        "ftps://user:opensesame@127.0.0.1:2121/a.jsonl",
        "s3://AKIATESTS:opensesame℀@bucket/a.jsonl",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ValueError, match="://…") as refused:
        check_addresses([address])
    said = str(refused.value) + str(refused.value.__cause__)
    assert not [word for word in ("opensesame", "AKIA", SECRET, *SECRET.split("/")) if word in said]


@pytest.mark.parametrize(
    "address", ["s3://b/a.jsonl", "gs://b/뉴스/a@b.jsonl.gz", "ftp://user@host:2121/a.jsonl", "ftps://host/a"]
)
def test_an_address_without_a_password_is_fine(address: str) -> None:
    check_addresses([address, Path("a.jsonl"), "stdout:", "C:/a.jsonl"])


@pytest.mark.parametrize(
    "address", ["s3://", "s3://bucket", "s3://bucket/", "s3://bucket/folder/", "s3:bucket/a.jsonl"]
)
def test_an_address_that_names_no_object_is_refused(address: str) -> None:
    assert refusal(address).startswith(f"{address}: names no file")


@pytest.mark.parametrize("mark", ["?", "#"])
def test_a_name_that_would_be_cut_is_refused(mark: str) -> None:
    assert "would end before" in refusal(f"s3://bucket/a{mark}1.jsonl")


def test_a_kind_of_store_that_is_not_known_is_refused() -> None:
    assert refusal("azure://bucket/a.jsonl") == (
        "azure:// is not known as an output; takes a file, or ftp://, ftps://, gs://, s3://"
    )


@pytest.mark.parametrize(
    "address", ["s3://bucket/a.jsonl", "ftp://127.0.0.1/a.jsonl", "s3://bucket/a-%(batch_id)d.jsonl"]
)
def test_to_append_is_refused_with_the_two_ways_out(address: str) -> None:
    said = refusal(address, {"overwrite": False})
    assert said.startswith(f"{address}: nothing can be appended there")
    assert "-O" in said
    assert "%(time)s" in said


@pytest.mark.parametrize("address", ["s3://bucket/a.jsonl", "a.jsonl"])
def test_batches_that_would_all_have_one_name_are_refused(address: str, tmp_path: Path) -> None:
    assert "%(batch_id)d" in refusal(address, {"batch_item_count": 10})
    assert "%(batch_id)d" in refusal(address, FEED_EXPORT_BATCH_ITEM_COUNT=10)


@pytest.mark.parametrize(
    ("module", "address", "install"),
    [
        ("boto3", "s3://bucket/a.jsonl", "pip install boto3"),
        ("google.cloud.storage", "gs://bucket/a.jsonl", "pip install google-cloud-storage"),
    ],
)
def test_a_package_that_is_missing_is_named_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, module: str, address: str, install: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    said = refusal(address)
    assert said.startswith(f"{address}: needs a package")
    assert install in said


def test_a_folder_for_what_waits_that_is_none_is_refused(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    become(monkeypatch, store.environment)
    assert "FEED_TEMPDIR" in refusal(store.address("a.jsonl"), FEED_TEMPDIR=str(tmp_path / "none"))


def test_a_folder_for_what_waits_that_is_gone_when_it_is_needed_raises_with_each_line(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the exporter ends the run: Scrapy opens it in a signal handler, where an error stops nothing."""
    become(monkeypatch, store.environment)
    settings = settings_of(FEED_TEMPDIR=str(tmp_path / "gone"))
    spider: Any = SimpleNamespace(crawler=SimpleNamespace(settings=settings, engine=None))
    file = remote_storage(store.address("a.jsonl"), {}, settings).open(spider)
    for _ in range(2):
        with pytest.raises(OSError, match="Not a Directory"):
            file.write(b"{}")


def test_after_a_batch_that_failed_it_says_that_the_command_sends_the_whole_run(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    become(monkeypatch, store.environment)
    settings = settings_of()
    spider: Any = SimpleNamespace(crawler=SimpleNamespace(settings=settings, engine=None))
    storage = remote_storage("s3://no-such-bucket/2.jsonl", {"batch_item_count": 5}, settings)
    with pytest.raises(UploadError):
        storage._store_in_thread(storage.open(spider))
    assert "writes all lines of the run, those of its other batches too, there later" in caplog.text


# What the store says


def test_a_look_at_a_store_leaves_nothing_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    become(monkeypatch, store.environment)
    feeds = {store.address("a.jsonl"): {"overwrite": True}, store.address("b/%(time)s.jsonl.gz"): {}}
    check_outputs(feeds, settings_of(FEED_STORAGE_S3_ACL="private"))
    assert store.names() == []
    assert "Uploads" not in store.client.list_multipart_uploads(Bucket=store.bucket)


def test_a_bucket_that_there_is_not_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    become(monkeypatch, store.environment)
    assert refusal("s3://no-such-bucket/a.jsonl") == (
        "cannot write to s3://no-such-bucket/a.jsonl: there is no such bucket: make it, or name another (NoSuchBucket)"
    )


def test_a_name_that_no_bucket_can_have_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    become(monkeypatch, store.environment)
    assert refusal("s3://b!/a.jsonl").startswith("cannot write to s3://b!/a.jsonl: ")


def test_without_credentials_it_says_where_they_go(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    become(monkeypatch, {"AWS_ENDPOINT_URL": store.environment["AWS_ENDPOINT_URL"]})
    said = refusal(store.address("a.jsonl"))
    assert "there are no credentials: set AWS_PROFILE" in said


def test_a_profile_that_there_is_not_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    become(monkeypatch, store.environment | {"AWS_PROFILE": "nobody"})
    assert "nobody" in refusal(store.address("a.jsonl"))


def test_a_store_that_nobody_answers_for_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    become(monkeypatch, store.environment)
    with socket.socket() as taken:  # bound and not listening: it refuses
        taken.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert endpoint in refusal(store.address("a.jsonl"), AWS_ENDPOINT_URL=endpoint)


def test_an_endpoint_that_is_no_address_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    become(monkeypatch, store.environment)
    assert "nonsense" in refusal(store.address("a.jsonl"), AWS_ENDPOINT_URL="nonsense")
