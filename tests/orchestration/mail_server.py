"""An SMTP server on this machine that keeps the mails it gets."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

Mails = list[tuple[list[str], EmailMessage]]


class Session(socketserver.StreamRequestHandler):
    """One client: as much of RFC 5321 as a mail without login takes."""

    def handle(self) -> None:
        self.say("220 here")
        recipients: list[str] = []
        for line in self.rfile:
            word = line.split(b":")[0].split()[0].upper() if line.strip() else b""
            if word == b"QUIT":
                return self.say("221 bye")
            if line.upper().startswith(b"RCPT"):
                recipients.append(line.decode().partition("<")[2].partition(">")[0])
            if word == b"DATA":
                self.say("354 go on")
                body = b""
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    body += part
                mail = message_from_bytes(body, policy=policy.default)
                self.server.mails.append((recipients, mail))  # type: ignore[attr-defined]
                recipients = []
            self.say("250 ok")
        return None

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def serve_mail() -> Iterator[tuple[int, Mails]]:
    """Serve on a free port of this machine; give the port and what arrives."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        mails: Mails = []
        server.mails = mails  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1], mails
        server.shutdown()
        thread.join()
