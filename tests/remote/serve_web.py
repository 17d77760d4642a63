"""
Serve a folder by HTTP, or by HTTPS, until standard input ends; say on the first line where.

Arguments: the folder, a user, a password (both empty: everybody may come in), and a file with a
certificate and its key (empty: HTTP).
"""

import base64
import json
import ssl
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

folder, user, password, certificate = sys.argv[1:]
WANTED = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

ODD = {
    "/elsewhere/": (302, "Location", "http://127.0.0.1:9/"),
    "/circle/": (302, "Location", "/circle/"),
    "/plain/": (200, "Content-Type", "text/plain"),
}


class Door(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send_head(self) -> object:
        if user and self.headers.get("Authorization") != WANTED:
            self.send_error(401)
            return None
        if self.path in ODD:
            status, header, told = ODD[self.path]
            self.send_response(status)
            self.send_header(header, told)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        return super().send_head()


server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Door, directory=folder))
if certificate:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"port": server.server_port}), flush=True)
sys.stdin.read()
