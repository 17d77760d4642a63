"""
Serve a folder by SFTP until standard input ends; say on the first line where, and by which key.

Runs in the servers' environment (requirements-stores.txt). Arguments: the folder, a user, a
password, and a file of public keys that may come in.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

import asyncssh

folder, user, password, keys = sys.argv[1:]


class Door(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, told: str) -> bool:
        return (username, told) == (user, password)


class Below(asyncssh.SFTPServer):
    """Shows the folder as the root, as `ChrootDirectory` does."""

    def __init__(self, channel: asyncssh.SSHServerChannel) -> None:
        super().__init__(channel, chroot=os.fsencode(folder))


async def serve() -> None:
    host_key = asyncssh.generate_private_key("ssh-ed25519")
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=Door,
        server_host_keys=[host_key],
        authorized_client_keys=keys if Path(keys).stat().st_size else None,
        sftp_factory=Below,
    )
    told = {"port": server.get_port(), "host_key": host_key.export_public_key().decode().strip()}
    print(json.dumps(told), flush=True)
    await asyncio.to_thread(sys.stdin.read)


asyncio.run(serve())
