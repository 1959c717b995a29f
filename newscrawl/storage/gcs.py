"""The storage of Google Cloud Storage: Scrapy's, with a look before the start."""

from __future__ import annotations

from typing import IO

from scrapy.extensions.feedexport import GCSFeedStorage

from newscrawl.storage.remote import PATIENCE, Uploaded

_PERMISSION = "storage.objects.create"


class GcsStorage(Uploaded, GCSFeedStorage):
    """`gs://bucket/articles.jsonl.gz`: credentials as Google's library finds them; the project from Scrapy's `GCS_PROJECT_ID`."""

    package = "google.cloud.storage"
    install = "pip install google-cloud-storage"

    def _look(self) -> None:
        """Asks what these credentials may do there, which writes nothing. Raises PermissionError when they may not write."""
        from google.cloud.storage import Client
        from google.cloud.storage.retry import DEFAULT_RETRY

        bucket = Client(project=self.project_id).bucket(self.bucket_name)
        retry = DEFAULT_RETRY.with_timeout(PATIENCE)  # default: it tries for two minutes
        if not bucket.test_iam_permissions([_PERMISSION], timeout=PATIENCE, retry=retry):
            raise PermissionError(f"the credentials may not write there; they need {_PERMISSION}")

    def _put(self, file: IO[bytes]) -> None:
        GCSFeedStorage._store_in_thread(self, file)

    def _expected(self) -> tuple[type[Exception], ...]:
        from google.api_core.exceptions import GoogleAPIError
        from google.auth.exceptions import GoogleAuthError

        return GoogleAPIError, GoogleAuthError, OSError  # requests' own errors are OSErrors

    def _explained(self, error: Exception) -> str:
        from google.api_core.exceptions import NotFound
        from google.auth.exceptions import DefaultCredentialsError

        if isinstance(error, NotFound):
            return "there is no such bucket: make it, or name another"
        if isinstance(error, DefaultCredentialsError):
            why = str(error).partition(". ")[0].rstrip(".")
            return f"there are no credentials ({why}): set GOOGLE_APPLICATION_CREDENTIALS in the environment, or sign in with gcloud"
        return str(error)
