"""The storage of FTP servers: Scrapy's, under a name of its own until the file is whole."""

from __future__ import annotations

import ftplib
import ssl
from typing import IO, Any

from scrapy.crawler import Crawler
from scrapy.extensions.feedexport import FTPFeedStorage

from newscrawl.storage.remote import PATIENCE, Uploaded


class FtpStorage(Uploaded, FTPFeedStorage):
    """`ftp://host/folder/articles.jsonl.gz`, `ftps://…`: user and password from Scrapy's `FTP_USER` and `FTP_PASSWORD`."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, uri: str, *, feed_options: dict[str, Any] | None = None) -> FtpStorage:
        storage = super().from_crawler(crawler, uri, feed_options=feed_options)
        storage.username = storage.username or str(crawler.settings["FTP_USER"])
        storage.password = str(crawler.settings["FTP_PASSWORD"])
        return storage

    def _look(self) -> None:
        """Signs in. Whether a file can be made there is known only when it is."""
        with self._signed_in():
            pass

    def _put(self, file: IO[bytes]) -> None:
        """Under another name, then by renaming: a connection that breaks leaves no half file under the name."""
        whole = self.path
        self.path = f"{whole}.unfinished"
        FTPFeedStorage._store_in_thread(self, file)
        with self._signed_in() as ftp:
            ftp.rename(self.path, whole)
        self.path = whole

    def _signed_in(self) -> ftplib.FTP:
        ftp = ftplib.FTP_TLS(context=ssl.create_default_context()) if self.tls else ftplib.FTP()
        try:
            ftp.connect(self.host, self.port, timeout=PATIENCE)
            ftp.login(self.username, self.password)
        except BaseException:
            ftp.close()
            raise
        return ftp

    def _expected(self) -> tuple[type[Exception], ...]:
        return ftplib.all_errors
