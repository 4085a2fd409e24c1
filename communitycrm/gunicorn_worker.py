"""gunicorn's threads, with four habits changed that made visitors wait for one another.

- A process takes in no more than its threads will soon get to, and all of those at once. Otherwise it takes in whatever
  comes, and some wait in its long queue while another process has a short one: what waits in the kernel's goes to
  whoever is free.
- No thread waits for a visitor to say something: browsers connect beforehand, to be sooner should they need to ask.
- Nobody waits for a visitor to hang up. gunicorn's only thread that takes people in does, two seconds for one that
  never does, in order that the end of an answer arrives (RFC 9112, 9.6): here that is waited for beside all else.
- A request is handed to a thread by a plain queue. A future for each, with its locks, is for who waits for one.
"""

import socket
import time
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from selectors import EVENT_READ
from threading import Thread

from gunicorn.workers.gthread import DEFAULT_WORKER_DATA_TIMEOUT, TConn, ThreadWorker


class Worker(ThreadWorker):
    """A process of the web server."""

    @property
    def worker_connections(self) -> int:
        """How many connections there may be before no more are taken in; those that wait for nothing from us are free."""
        return min(self._most, self.cfg.threads + 2 + len(self.keepalived_conns) + len(self.pending_conns))

    @worker_connections.setter
    def worker_connections(self, configured: int) -> None:
        self._most = configured

    def get_thread_pool(self) -> "Threads":
        """As little of concurrent.futures as is needed."""
        return Threads(self.cfg.threads, self._work)

    def accept(self, listener: socket.socket) -> None:
        """All there are and is room for."""
        before = -1
        while before < self.nr_conns < self.worker_connections:
            before = self.nr_conns
            super().accept(listener)

    def enqueue_req(self, conn: TConn) -> None:
        """For the next thread that is free; of somebody new, once they have begun to ask."""
        conn.data_ready = conn.data_ready or conn.initialized or _speaks(conn.sock)
        if conn.data_ready:
            self.tpool.put(conn)
        else:
            self._await(conn, self.on_pending_socket_readable)

    def _work(self, conn: TConn) -> None:
        again: object = False
        try:
            again = self.handle(conn)
        except BaseException:  # the thread stays, for others
            self.log.exception("Error handling a connection")
        self.method_queue.defer(self.finish_request, conn, Done(again))

    def finish_request(self, conn: TConn, fs: "Done") -> None:
        """As gunicorn's own; who is not to stay is said goodbye."""
        if fs.result() is not False:
            super().finish_request(conn, fs)
        elif _has_gone(conn.sock):
            self._close(conn)
        else:
            self._await(conn, self._goes)

    def _await(self, conn: TConn, then: Callable[[TConn, socket.socket], None]) -> None:
        """Beside all else, as long as gunicorn's thread would: that the visitor says something."""
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + DEFAULT_WORKER_DATA_TIMEOUT
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(then, conn))

    def _goes(self, conn: TConn, sock: socket.socket) -> None:
        if _has_gone(sock):
            self.poller.unregister(sock)
            self.pending_conns.remove(conn)
            self._close(conn)

    def _close(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()


def _speaks(sock: socket.socket) -> bool:
    """Whether there is something to hear, be it that they are gone."""
    try:
        sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def _has_gone(sock: socket.socket) -> bool:
    """Say goodbye, or hear what is still said, to no purpose; whether that was the last of it."""
    try:
        sock.setblocking(False)
        sock.shutdown(socket.SHUT_WR)
        return not sock.recv(65536)
    except BlockingIOError:
        return False
    except OSError:
        return True


class Threads(SimpleQueue[TConn | None]):
    """Connections, and threads that take one after another."""

    def __init__(self, count: int, work: Callable[[TConn], None]) -> None:
        self.count, self.work = count, work
        for _ in range(count):
            Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while (conn := self.get()) is not None:
            self.work(conn)

    def shutdown(self, wait: bool) -> None:  # noqa: FBT001 - the name and place of concurrent.futures
        """Let each thread go when there is nothing left to do."""
        for _ in range(self.count):
            self.put(None)


class Done:
    """What finish_request asks of a future."""

    def __init__(self, again: object) -> None:
        self.again = again

    def cancelled(self) -> bool:
        """It is done."""
        return False

    def result(self) -> object:
        """Whether the visitor may ask again; or gunicorn's sign that they have said nothing yet."""
        return self.again
