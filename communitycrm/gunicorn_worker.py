"""gunicorn's threads, with two habits changed that made visitors wait for one another.

- A process takes in no more than its threads will soon get to. Otherwise it takes in whatever comes, and some wait in
  its long queue while another process has a short one: what waits in the kernel's goes to whoever is free.
- Nobody waits for a visitor to hang up. gunicorn's only thread that takes people in does, two seconds for one that
  never does, in order that the end of an answer arrives (RFC 9112, 9.6): here that is waited for beside all else.
"""

import socket
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker


class Worker(ThreadWorker):
    """A process of the web server."""

    @property
    def worker_connections(self) -> int:
        """How many connections there may be before no more are taken in; those that wait for nothing from us are free."""
        return min(self._most, self.cfg.threads + 2 + len(self.keepalived_conns) + len(self.pending_conns))

    @worker_connections.setter
    def worker_connections(self, configured: int) -> None:
        self._most = configured

    def handle(self, conn: TConn) -> object:
        """As gunicorn's own; for who has spoken already it need not set up a way to wait."""
        with suppress(OSError):
            conn.data_ready = conn.data_ready or bool(
                conn.sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            )
        return super().handle(conn)

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """As gunicorn's own; who is not to stay is said goodbye."""
        if fs.cancelled() or fs.exception() or fs.result() is not False:
            super().finish_request(conn, fs)
        elif not self._gone(conn):
            conn.set_timeout()
            self.pending_conns.append(conn)
            self.poller.register(conn.sock, EVENT_READ, partial(self._goes, conn))

    def _gone(self, conn: TConn) -> bool:
        """Say goodbye, or hear what is still said, to no purpose; whether that was the last of it."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            if conn.sock.recv(65536):
                return False
        except BlockingIOError:
            return False
        except OSError:
            pass
        self.nr_conns -= 1
        conn.close()
        return True

    def _goes(self, conn: TConn, sock: socket.socket) -> None:
        self.poller.unregister(sock)
        self.pending_conns.remove(conn)
        if not self._gone(conn):
            self.pending_conns.append(conn)
            self.poller.register(sock, EVENT_READ, partial(self._goes, conn))
