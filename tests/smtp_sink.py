"""A real SMTP server that keeps what it takes, one file a message, written before it answers 250.

As a process: `python tests/smtp_sink.py --port-file F --mail-dir D` writes its port into F and serves until it is
stopped. In a test: the fixture `smtp_sink`. The address says what goes wrong:

* `refused...@`: RCPT is answered 550, for good
* `later...@`: RCPT is answered 451, for now
* `spam...@`: the message is answered 554
* `full...@`: the message is answered 452
* `lost...@`: the message is kept, and the connection dies before the answer
"""

import argparse
import asyncio
import contextlib
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

AFTER_DATA = {"spam": "554 5.7.1 looks like spam", "full": "452 4.3.1 no room at the moment"}


class Sink:
    """Takes messages into a folder; `connections` counts those that came."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connections = 0
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_RCPT(self, server, session: Session, envelope: Envelope, address: str, options) -> str:  # noqa: N802
        if address.startswith("refused"):
            return "550 5.1.1 nobody here by that name"
        if address.startswith("later"):
            return "451 4.7.1 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        word = envelope.rcpt_tos[0].rstrip("0123456789").partition("@")[0]
        for prefix, answer in AFTER_DATA.items():
            if word.startswith(prefix):
                return answer
        self._keep(envelope.original_content or b"")
        if word.startswith("lost"):
            server.transport.abort()
        return "250 OK"

    def _keep(self, content: bytes) -> None:
        number = len(list(self.folder.glob("*.eml"))) + 1
        aside = self.folder / f".{number:05d}"
        aside.write_bytes(content)
        aside.rename(self.folder / f"{number:05d}.eml")

    def protocol(self) -> SMTP:
        self.connections += 1
        return SMTP(self, hostname="sink.test", decode_data=False, enable_SMTPUTF8=True)

    @property
    def messages(self) -> list[EmailMessage]:
        """What was taken, in order."""
        files = sorted(self.folder.glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=default) for file in files]  # type: ignore[misc]


class SinkInThread:
    """Serves a Sink on a free port of this machine; `with SinkInThread(folder) as served:`."""

    def __init__(self, folder: Path) -> None:
        self.sink = Sink(folder)
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def messages(self) -> list[EmailMessage]:
        return self.sink.messages

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self._loop.create_server(self.sink.protocol, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *problem: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


async def serve(port_file: Path, folder: Path) -> None:
    """Serve until the process is stopped. The port is written aside and renamed, so that it is read whole."""
    server = await asyncio.get_running_loop().create_server(Sink(folder).protocol, "127.0.0.1", 0)
    aside = port_file.with_name(f".{port_file.name}")
    aside.write_text(str(server.sockets[0].getsockname()[1]))
    aside.rename(port_file)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port-file", type=Path, required=True)
    parser.add_argument("--mail-dir", type=Path, required=True)
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments.port_file, arguments.mail_dir))


if __name__ == "__main__":
    main()
