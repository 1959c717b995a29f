"""`scrapy export` to other machines: written here, there when it is whole, and a clear line when it cannot be."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import IO, Any

import pytest

from newscrawl.export import ExportError, sent
from newscrawl.record import line
from newscrawl.storage import UploadError, check_outputs, remote_storage
from tests.crawl.conftest import scrapy
from tests.export.records import article, feed
from tests.export.test_command import run_of

from .conftest import Store, become
from .ftp_server import PASSWORD, USER, Server, serving
from .test_refused import settings_of


def export(folder: Path, address: str, *arguments: str, **environment: str) -> tuple[int, str]:
    """Its exit code, and what it said last."""
    options = ("-s", f"NEWSCRAWL_DATA_DIR={folder}", "-o", address, *arguments)
    done = scrapy("export", *options, **environment)
    return done.returncode, (done.stdout + done.stderr).strip().splitlines()[-1]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two runs of an article each, and one that no run of this state wrote."""
    run_of(tmp_path / "newspim", "first.jsonl", 1)
    run_of(tmp_path / "newspim", "second.jsonl", 2)
    feed(tmp_path / "newspim" / "third.jsonl", article(3))
    return tmp_path


def test_an_export_is_in_the_store_when_it_is_whole(data: Path, store: Store) -> None:
    address = store.address("a.jsonl.gz")
    assert export(data, address, "--overwrite", **store.environment) == (
        0,
        f"3 records of 3 lines, 0.0 MB: {address}",
    )
    assert gzip.decompress(store.read("a.jsonl.gz")) == b"".join(line(article(number)) for number in (1, 2, 3))


def test_an_export_of_one_run_has_what_that_run_wrote(data: Path) -> None:
    out = data / "out.jsonl"
    assert export(data, str(out), "--run", "2")[0] == 0
    assert out.read_bytes() == line(article(2))
    assert "no feed of run 7" in export(data, str(out), "--run", "7")[1]


def test_what_is_in_a_store_is_replaced_only_when_that_is_said(data: Path, store: Store) -> None:
    code, said = export(data, store.address("a.csv"), **store.environment)
    assert code == 2
    assert said.endswith("say --overwrite")


def leave(address: str, form: str = "csv") -> None:
    """Write an export of one line."""
    with sent(address, form, settings_of(), overwrite=True) as place:
        place.write_text("id\n", encoding="utf-8")


def test_a_folder_of_files_goes_to_no_store() -> None:
    with pytest.raises(ExportError, match="parquet is a folder"):
        leave("s3://bucket/articles", "parquet")


@pytest.fixture
def environment(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    become(monkeypatch, store.environment)


@pytest.mark.usefixtures("environment")
def test_an_export_that_fails_leaves_nothing_in_the_store(store: Store) -> None:
    def fail() -> None:
        with sent(store.address("a.csv"), "csv", settings_of(), overwrite=True) as place:
            place.write_text("half", encoding="utf-8")
            raise ValueError("a record that is none")

    with pytest.raises(ValueError, match="is none"):
        fail()
    assert store.names() == []


@pytest.mark.usefixtures("environment")
def test_a_store_that_is_gone_when_the_export_is_whole_is_told(store: Store) -> None:
    def lose() -> None:
        with sent(store.address("a.csv"), "csv", settings_of(), overwrite=True) as place:
            place.write_text("whole", encoding="utf-8")
            store.remove()

    with pytest.raises(ExportError, match=r"nothing was written: cannot write to s3:.* no such bucket"):
        lose()


# FTP


@pytest.fixture
def ftp() -> Iterator[Server]:
    with serving() as server:
        yield server


def test_an_export_goes_to_an_ftp_server_under_its_name_when_it_is_whole(data: Path, ftp: Server) -> None:
    address = f"ftp://127.0.0.1:{ftp.port}/뉴스/a.jsonl"
    code, said = export(data, address, "--overwrite", FTP_USER=USER, FTP_PASSWORD=PASSWORD)
    assert code == 0, said
    assert ftp.files == {"/뉴스/a.jsonl": b"".join(line(article(number)) for number in (1, 2, 3))}


def ftp_storage(server: Server, **given: Any) -> Any:
    settings = settings_of(FTP_USER=USER, FTP_PASSWORD=PASSWORD, **given)
    return remote_storage(f"ftp://127.0.0.1:{server.port}/a.jsonl", {}, settings)


def test_an_ftp_connection_that_breaks_leaves_the_old_file_under_the_name(ftp: Server) -> None:
    ftp.files["/a.jsonl"] = b"old\n"
    ftp.breaks = True
    with pytest.raises(UploadError, match="transfer aborted"):
        ftp_storage(ftp).send(io.BytesIO(b"new\n"))
    assert ftp.files["/a.jsonl"] == b"old\n"


def test_an_ftp_server_that_lets_us_not_in_is_told_before_the_start(ftp: Server) -> None:
    address = f"ftp://127.0.0.1:{ftp.port}/a.jsonl"
    with pytest.raises(ValueError, match="530 Login incorrect") as refused:
        check_outputs({address: {"overwrite": True}}, settings_of(FTP_USER=USER, FTP_PASSWORD="wrong"))
    assert "wrong" not in str(refused.value)
    check_outputs({address: {"overwrite": True}}, settings_of(FTP_USER=USER, FTP_PASSWORD=PASSWORD))


# Google Cloud Storage, whose library is not installed here: what the storage asks of it


class Google:
    """The part of the library that is used."""

    def __init__(self) -> None:
        self.allowed = ["storage.objects.create"]
        self.blobs: dict[tuple[str, str], bytes] = {}
        self.missing = False

    def bucket(self, name: str) -> SimpleNamespace:
        def may(permissions: list[str], **_: object) -> list[str]:
            if self.missing:
                raise NotFound
            return [one for one in permissions if one in self.allowed]

        def blob(key: str) -> SimpleNamespace:
            def upload(file: IO[bytes], predefined_acl: str | None) -> None:
                self.blobs[name, key] = file.read()

            return SimpleNamespace(upload_from_file=upload)

        return SimpleNamespace(test_iam_permissions=may, blob=blob)


class NotFound(Exception):
    """As the library's."""


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Google:
    library, retry = Google(), SimpleNamespace(with_timeout=lambda seconds: None)
    errors = {"GoogleAPIError": NotFound, "NotFound": NotFound}
    signing_in = {"GoogleAuthError": LookupError, "DefaultCredentialsError": LookupError}
    for name, values in {
        "google": {},
        "google.cloud": {},
        "google.cloud.storage": {"Client": lambda project: library},
        "google.cloud.storage.retry": {"DEFAULT_RETRY": retry},
        "google.api_core": {},
        "google.api_core.exceptions": errors,
        "google.auth": {},
        "google.auth.exceptions": signing_in,
    }.items():
        module = ModuleType(name)
        vars(module).update(values)
        monkeypatch.setitem(sys.modules, name, module)
    return library


def test_an_export_goes_to_google(google: Google) -> None:
    leave("gs://bucket/뉴스/a.csv")
    assert google.blobs == {("bucket", "뉴스/a.csv"): b"id\n"}


def test_a_google_bucket_that_may_not_be_written_is_told(google: Google) -> None:
    google.allowed = []
    with pytest.raises(ExportError, match=r"they need storage\.objects\.create"):
        leave("gs://bucket/a.csv")


def test_a_google_bucket_that_there_is_not_is_told(google: Google) -> None:
    google.missing = True
    with pytest.raises(ExportError, match="there is no such bucket"):
        leave("gs://bucket/a.csv")
