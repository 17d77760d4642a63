"""A real S3 server on a free port of this machine, and who may come in."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyarrow import fs

from include.settings import ROOT

PYTHON = ROOT / ".venv-s3" / "bin" / "python"


@dataclass(frozen=True)
class S3:
    """The server, and a folder in its bucket that is this test's own."""

    url: str
    key: str
    secret: str
    folder: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": self.key,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def at(self, name: str) -> str:
        return f"s3://{self.folder}/{name}"

    @property
    def files(self) -> fs.S3FileSystem:
        return fs.S3FileSystem(
            access_key=self.key,
            secret_key=self.secret,
            endpoint_override=self.url,
            region="us-east-1",
        )

    def put(self, name: str, body: bytes) -> None:
        with self.files.open_output_stream(f"{self.folder}/{name}") as out:
            out.write(body)

    def delete(self, name: str) -> None:
        self.files.delete_file(f"{self.folder}/{name}")


@pytest.fixture(scope="session")
def server() -> Iterator[dict[str, str]]:
    assert PYTHON.exists(), "set the S3 server up first: make .venv-s3/installed"
    script = Path(__file__).with_name("serve_s3.py")
    with subprocess.Popen(
        [PYTHON, script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        yield json.loads(process.stdout.readline())
        process.stdin.close()


@pytest.fixture
def s3(server, request, monkeypatch: pytest.MonkeyPatch) -> S3:
    found = S3(**server, folder=f"desk/{request.node.name}")
    for name, text in found.environment.items():
        monkeypatch.setenv(name, text)
    return found
