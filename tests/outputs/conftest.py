"""An S3 on this machine, and what a process needs to reach it and nothing else."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import boto3.session
import pytest
from moto.server import ThreadedMotoServer

from tests.environment import clean

# No credentials of whoever runs the tests, and no question to the address where Amazon's machines find theirs.
NOBODY = {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_DEFAULT_REGION": "us-east-1",
}
SECRET = "a+secret/with+a+slash"


@dataclass(frozen=True)
class Store:
    """A bucket, and the environment in which it can be written."""

    bucket: str
    environment: dict[str, str]
    client: Any

    def address(self, name: str) -> str:
        return f"s3://{self.bucket}/{name}"

    def names(self) -> list[str]:
        listed = self.client.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return sorted(one["Key"] for one in listed)

    def read(self, name: str) -> bytes:
        data: bytes = self.client.get_object(Bucket=self.bucket, Key=name)["Body"].read()
        return data

    def remove(self) -> None:
        """The bucket, and all that is in it."""
        for name in self.names():
            self.client.delete_object(Bucket=self.bucket, Key=name)
        self.client.delete_bucket(Bucket=self.bucket)


@pytest.fixture(scope="session")
def s3() -> Iterator[dict[str, str]]:
    """The environment in which it is found. It runs in a thread, on a port of its own."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    _, port = server.get_host_and_port()
    keys = {"AWS_ACCESS_KEY_ID": "AKIATESTS", "AWS_SECRET_ACCESS_KEY": SECRET}
    yield NOBODY | keys | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    server.stop()


def become(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    """This process has these too."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process has nobody's credentials, until a test says otherwise."""
    for name in set(os.environ) - set(clean()):
        monkeypatch.delenv(name)
    become(monkeypatch, NOBODY)


@pytest.fixture
def store(s3: dict[str, str]) -> Store:
    """A bucket that nobody has used."""
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=s3["AWS_ENDPOINT_URL"],
        aws_access_key_id=s3["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=s3["AWS_SECRET_ACCESS_KEY"],
        region_name="us-east-1",
    )
    bucket = f"news-{uuid4()}"
    client.create_bucket(Bucket=bucket)
    return Store(bucket, s3, client)
