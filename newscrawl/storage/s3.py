"""The storage of S3, and of what speaks its language: Scrapy's, with a look before the start."""

from __future__ import annotations

import contextlib
import logging
from typing import IO, Any

from scrapy.extensions.feedexport import S3FeedStorage

from newscrawl.storage.remote import PATIENCE, Uploaded

_SIGN_IN = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in the environment"
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_MEANS = {
    "NoSuchBucket": "there is no such bucket: make it, or name another",
    "AccessDenied": "the credentials may not write there; they need s3:PutObject",
    "InvalidAccessKeyId": f"the credentials are not accepted: {_SIGN_IN}",
    "SignatureDoesNotMatch": f"the credentials are not accepted: {_SIGN_IN}",
    "InvalidToken": f"the credentials are not accepted: {_SIGN_IN}",
    "ExpiredToken": "the credentials have expired: get new ones",
}


class S3Storage(Uploaded, S3FeedStorage):
    """`s3://bucket/articles.jsonl.gz`: credentials, endpoint and region as boto3 finds them, or from Scrapy's `AWS_…` settings."""

    package = "boto3"
    install = "pip install boto3 (or, where newscrawl is installed, pip install 'newscrawl[s3]')"

    def __init__(self, uri: str, *rest: Any, **options: Any) -> None:
        """Raises ValueError for what is no use, also for a profile or an endpoint that is none."""
        logging.getLogger("botocore").setLevel(logging.WARNING)  # with LOG_LEVEL=DEBUG it tells session tokens
        super().__init__(uri, *rest, **options)

    def _look(self) -> None:
        """An upload that is begun and given up: it asks for the very permission, leaves nothing, and no event tells of it.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html: who begins an upload may give it up.
        """
        from botocore.exceptions import ClientError

        client, place = self._impatient(), {"Bucket": self.bucketname, "Key": self.keyname}
        begun = client.create_multipart_upload(**place, **({"ACL": self.acl} if self.acl else {}))
        with contextlib.suppress(ClientError):  # what was asked is known; without a part there is nothing to pay for
            client.abort_multipart_upload(**place, UploadId=begun["UploadId"])

    def _impatient(self) -> Any:
        """Scrapy's client would try for minutes to reach a host that does not answer."""
        import boto3.session
        from botocore.config import Config

        patience = Config(connect_timeout=PATIENCE, read_timeout=PATIENCE, retries={"total_max_attempts": 2})
        return boto3.session.Session().client(
            "s3",
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            aws_session_token=self.session_token,
            endpoint_url=self.endpoint_url,
            region_name=self.region_name,
            config=patience,
        )

    def _put(self, file: IO[bytes]) -> None:
        S3FeedStorage._store_in_thread(self, file)

    def _expected(self) -> tuple[type[Exception], ...]:
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        return BotoCoreError, ClientError, Boto3Error, OSError

    def _explained(self, error: Exception) -> str:
        from botocore.exceptions import ClientError, NoCredentialsError

        if isinstance(error, NoCredentialsError):
            return f"there are no credentials: {_SIGN_IN}"
        if not isinstance(error, ClientError):
            return str(error)
        told = error.response.get("Error", {})
        code = told.get("Code", "")
        return f"{_MEANS.get(code) or told.get('Message') or error} ({code})"
