"""Real servers on free ports of this machine, and who may come in; each starts when asked for."""

import base64
import datetime as dt
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyarrow import fs

from include.intake.inbox import remote
from tests.remote.stores import AZURITE, HERE, PASSWORD, USER, WRONG, Shop, empty, serve


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
    with serve(HERE / "serve_s3.py") as told:
        yield told


@pytest.fixture
def s3(server, request, monkeypatch: pytest.MonkeyPatch) -> S3:
    found = S3(**server, folder=f"desk/{request.node.name}")
    for name, text in found.environment.items():
        monkeypatch.setenv(name, text)
    return found


@pytest.fixture(autouse=True)
def hang_up() -> Iterator[None]:
    """Leave no connection to the next test."""
    yield
    remote._open.cache_clear()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that the servers of folders show."""
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="session")
def ssh_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a private key that may come in; its public half lies beside it."""
    path = tmp_path_factory.mktemp("ssh") / "id_ed25519"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)]
    subprocess.run(command, check=True)
    return path


@pytest.fixture(scope="session")
def sftp_server(desk: Path, ssh_keys: Path) -> Iterator[dict[str, Any]]:
    with serve(HERE / "serve_sftp.py", desk, USER, PASSWORD, ssh_keys.with_suffix(".pub")) as told:
        yield told


@pytest.fixture
def sftp(sftp_server: dict[str, Any], desk: Path, request: pytest.FixtureRequest) -> Shop:
    name = request.node.originalname
    empty(desk / name)
    port, host_key = sftp_server["port"], sftp_server["host_key"]
    told = {"login": USER, "password": PASSWORD, "extra": {"host_key": host_key}}
    return Shop(
        url=f"sftp://127.0.0.1:{port}/{name}",
        connection=told,
        wrong={**told, "password": WRONG},
        absent=f"sftp://127.0.0.1:{port}/absent",
        deaf=("sftp://127.0.0.1:9/in", told),
        secrets=(PASSWORD, WRONG, host_key),
        folder=desk / name,
    )


@pytest.fixture(scope="session")
def web_server(desk: Path) -> Iterator[dict[str, Any]]:
    with serve(HERE / "serve_web.py", desk, USER, PASSWORD, "") as told:
        yield told


@pytest.fixture
def web(web_server: dict[str, Any], desk: Path, request: pytest.FixtureRequest) -> Shop:
    name = request.node.originalname
    empty(desk / name)
    server = f"http://127.0.0.1:{web_server['port']}"
    told = {"login": USER, "password": PASSWORD}
    basic = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    return Shop(
        url=f"{server}/{name}",
        connection=told,
        wrong={**told, "password": WRONG},
        absent=f"{server}/absent",
        deaf=("http://127.0.0.1:9/in", told),
        secrets=(PASSWORD, WRONG, basic),
        folder=desk / name,
    )


@pytest.fixture(scope="session")
def gcs_server() -> Iterator[dict[str, Any]]:
    with serve(HERE / "serve_gcs.py", PASSWORD) as told:
        yield told


@pytest.fixture
def gcs(gcs_server: dict[str, Any], request: pytest.FixtureRequest) -> Shop:
    name = f"desk/{request.node.originalname}"
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    plain = {"scheme": "http", "endpoint_override": f"127.0.0.1:{gcs_server['port']}"}
    token = {"access_token": PASSWORD, "credential_token_expiration": ends.isoformat()}
    deaf = {"endpoint_override": "127.0.0.1:9", "retry_time_limit": 1}
    files = fs.GcsFileSystem(**plain, **{**token, "credential_token_expiration": ends})
    return Shop(
        url=f"gs://{name}",
        connection={"extra": {**plain, **token}},
        wrong={"extra": {**plain, **token, "access_token": WRONG}},
        absent="gs://absent/in",
        deaf=(f"gs://{name}", {"extra": {**plain, **token, **deaf}}),
        secrets=(PASSWORD, WRONG),
        bucket=(files, name),
    )


@pytest.fixture(scope="session")
def azure_server() -> Iterator[dict[str, Any]]:
    key = base64.b64encode(PASSWORD.encode()).decode()
    with serve(HERE / "serve_azure.py", AZURITE, USER, key) as told:
        server, plain = f"127.0.0.1:{told['port']}", ("blob_storage", "dfs_storage")
        extra = {f"{kind}_scheme": "http" for kind in plain}
        extra |= {f"{kind}_authority": server for kind in plain}
        files = fs.AzureFileSystem(USER, account_key=key, **extra)
        files.create_dir("desk")
        yield {"key": key, "extra": extra, "files": files}


@pytest.fixture
def azure(azure_server: dict[str, Any], request: pytest.FixtureRequest) -> Shop:
    name, key = f"desk/{request.node.originalname}", azure_server["key"]
    extra = azure_server["extra"]
    deaf = {
        **extra,
        "blob_storage_authority": "127.0.0.1:9",
        "dfs_storage_authority": "127.0.0.1:9",
    }
    told = {"login": USER, "password": key, "extra": extra}
    wrong = base64.b64encode(WRONG.encode()).decode()
    return Shop(
        url=f"abfs://{name}",
        connection=told,
        wrong={**told, "password": wrong},
        absent="abfs://absent/in",
        deaf=(f"abfs://{name}", {**told, "extra": deaf}),
        secrets=(key, wrong),
        bucket=(azure_server["files"], name),
    )


@pytest.fixture(params=["sftp", "web", "gcs", "azure"])
def shop(request: pytest.FixtureRequest) -> Shop:
    return request.getfixturevalue(request.param)
