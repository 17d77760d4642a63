"""
Serve GCS until standard input ends; say on the first line where.

Runs in the servers' environment (requirements-stores.txt). The emulator lets everybody in: here a
bearer of the token given as argument alone, as Google does, and whoever asks for a token with a
signed assertion is given it.
"""

import json
import sys
import threading
from functools import partial, partialmethod
from http.server import ThreadingHTTPServer

from gcp_storage_emulator.handlers.buckets import create_bucket
from gcp_storage_emulator.server import DELETE, GET, PATCH, POST, PUT, RequestHandler, Router
from gcp_storage_emulator.storage import Storage

TOKEN = sys.argv[1]


class Door(RequestHandler):
    def answer(self, method: str) -> None:
        if self.path == "/token":
            self.rfile.read(int(self.headers["Content-Length"]))
            self.tell(200, {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"})
        elif self.headers.get("Authorization") == f"Bearer {TOKEN}":
            Router(self).handle(method)
        else:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.tell(401, {"error": {"code": 401, "message": "Invalid Credentials"}})

    def tell(self, status: int, answer: object) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


for method in (DELETE, GET, PATCH, POST, PUT):
    setattr(Door, f"do_{method}", partialmethod(Door.answer, method))
storage = Storage(use_memory_fs=True)
create_bucket("desk", storage)
server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Door, storage))
print(json.dumps({"port": server.server_port, "token": TOKEN}), flush=True)


threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
