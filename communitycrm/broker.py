"""The broker of a machine without Redis: kombu's filesystem transport, made safe (`files://`).

The stock one writes a message under its final name before it has content, so that a worker which
polls at that moment loses the message and exits with JSONDecodeError; it also passes messages
through the system's temporary folder. Here: written aside, renamed in; renamed out, read, removed.

Rows are the truth: a message says "tick" or an id, so a lost one costs a minute and nothing else.
"""

import fcntl
import logging
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu import transport
from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.transport.filesystem import exchange_queue_t as binding
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)

POLLING_SECONDS = 0.5


class Channel(filesystem.Channel):
    """One process's view of the folder of messages."""

    # kombu's own two bases disagree on the name of the second argument
    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        # Wall time, so that the order holds across a reboot; the monotonic clock starts anew.
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        aside = folder / f".{name}.new"
        try:
            aside.write_text(dumps(payload), encoding="utf-8")
            aside.replace(folder / name)
        except OSError as problem:
            raise ChannelError(f"cannot write a message to {folder}") from problem

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        for waiting in _messages(Path(self.data_folder_in), queue):
            taken = Path(self.processed_folder) / waiting.name
            try:
                waiting.rename(taken)  # only one worker can
            except OSError:
                continue
            text = taken.read_text(encoding="utf-8", errors="replace")
            taken.unlink()
            try:
                return loads(text)
            except ValueError:
                log.warning("unreadable message %s dropped", taken.name)
        raise Empty

    def get_table(self, exchange: str) -> list[Any]:
        try:
            return [binding(*row) for row in loads(self._exchange_file(exchange).read_text(encoding="utf-8"))]
        except FileNotFoundError:
            return []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        """The stock one leaves an empty table under the final name for a moment, which ends its readers."""
        new = binding(routing_key or "", pattern or "", queue or "")
        with (self.control_folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            table = self.get_table(exchange)
            if new in table:
                return
            file = self._exchange_file(exchange)
            aside = file.with_name(f".{file.name}.new")
            aside.write_text(dumps([new, *table]), encoding="utf-8")
            aside.replace(file)


class Transport(filesystem.Transport):
    """What `files://localhost//` names."""

    Channel = Channel


transport.TRANSPORT_ALIASES["files"] = "communitycrm.broker:Transport"


def options(folder: Path) -> dict[str, Any]:
    """Make the broker's folders and return Celery's `broker_transport_options` for them."""
    folders = {name: folder / name for name in ("messages", "taken", "control")}
    for path in folders.values():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "data_folder_in": str(folders["messages"]),
        "data_folder_out": str(folders["messages"]),
        "processed_folder": str(folders["taken"]),
        "control_folder": str(folders["control"]),
        "store_processed": False,
        "polling_interval": POLLING_SECONDS,
    }


def _messages(folder: Path, queue: str) -> list[Path]:
    """The messages of a queue, oldest first; those still being written start with a dot."""
    names = sorted(path.name for path in folder.iterdir())
    return [folder / name for name in names if name[0] != "." and name.partition(".")[2] == f"{queue}.msg"]
