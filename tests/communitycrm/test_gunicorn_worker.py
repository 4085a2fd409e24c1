"""The web server's process: it takes in what it soon gets to, and waits for nobody to hang up."""

import logging
import os
import selectors
import socket
from queue import SimpleQueue

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import TConn

from communitycrm.gunicorn_worker import Done, Worker


@pytest.fixture
def worker():
    worker = Worker(1, os.getppid(), [], None, 30, Config(), None)
    worker.poller = selectors.DefaultSelector()
    yield worker
    worker.poller.close()


@pytest.fixture
def visitor():
    """Their end of a connection, and ours."""
    theirs, ours = socket.socketpair()
    with theirs, ours:
        theirs.settimeout(5)
        yield theirs, ours


def answered(worker, ours):
    """One that was taken in and answered, and is not to stay."""
    conn = TConn(worker.cfg, ours, "", "")
    worker.nr_conns += 1
    worker.finish_request(conn, Done(again=False))
    return conn


def test_who_has_hung_up_is_gone(worker, visitor):
    theirs, ours = visitor
    theirs.close()
    answered(worker, ours)
    assert (worker.nr_conns, ours.fileno()) == (0, -1)


def test_who_does_not_hang_up_holds_nobody_and_goes_when_they_do(worker, visitor):
    theirs, ours = visitor
    answered(worker, ours)
    assert theirs.recv(1) == b""  # the end of the answer
    assert (worker.nr_conns, len(worker.pending_conns)) == (1, 1)
    theirs.send(b"and another thing")  # read, so that what they have not read yet arrives
    worker.wait_for_and_dispatch_events(5)
    assert (worker.nr_conns, len(worker.pending_conns)) == (1, 1)
    theirs.close()
    worker.wait_for_and_dispatch_events(5)
    assert (worker.nr_conns, len(worker.pending_conns), ours.fileno()) == (0, 0, -1)


def test_who_never_hangs_up_is_sent_away_in_the_end(worker, visitor):
    _theirs, ours = visitor
    answered(worker, ours).timeout = 0
    worker.murder_pending()
    assert (worker.nr_conns, ours.fileno()) == (0, -1)


def test_no_more_are_taken_in_than_threads_soon_get_to(worker, visitor):
    soon = worker.worker_connections
    assert soon == worker.cfg.threads + 2
    answered(worker, visitor[1])
    assert worker.worker_connections == soon + 1  # who only has to hang up takes nobody's place
    worker.worker_connections = 1
    assert worker.worker_connections == 1


def test_a_thread_outlives_what_it_fails_at(worker, visitor, monkeypatch, caplog):
    theirs, ours = visitor
    monkeypatch.setattr(worker, "log", logging.getLogger("gunicorn.error"))
    monkeypatch.setattr(Worker, "handle", lambda _self, conn: conn.missing)
    worker.method_queue.init()
    worker.poller.register(
        worker.method_queue.fileno(), selectors.EVENT_READ, worker.method_queue.run_callbacks
    )
    threads = worker.get_thread_pool()
    worker.nr_conns = more_than_threads = threads.count + 1
    for _ in range(more_than_threads):
        threads.put(TConn(worker.cfg, ours.dup(), "", ""))
    theirs.close()
    for _ in range(more_than_threads):
        if worker.nr_conns:
            worker.wait_for_and_dispatch_events(5)
    threads.shutdown(wait=False)
    worker.method_queue.close()
    assert worker.nr_conns == 0
    assert caplog.text.count("Error handling a connection") == more_than_threads


def test_who_has_said_nothing_yet_holds_no_thread(worker, visitor):
    theirs, ours = visitor
    worker.tpool = SimpleQueue()
    conn = TConn(worker.cfg, ours, "", "")
    worker.enqueue_req(conn)
    assert (worker.tpool.qsize(), list(worker.pending_conns)) == (0, [conn])
    theirs.send(b"GET / HTTP/1.1\r\n")
    worker.wait_for_and_dispatch_events(5)
    assert (worker.tpool.get_nowait(), len(worker.pending_conns)) == (conn, 0)


def test_who_has_begun_to_ask_is_handed_to_a_thread_at_once(worker, visitor):
    theirs, ours = visitor
    worker.tpool = SimpleQueue()
    theirs.send(b"GET / HTTP/1.1\r\n")
    conn = TConn(worker.cfg, ours, "", "")
    worker.enqueue_req(conn)
    assert (worker.tpool.get_nowait(), len(worker.pending_conns)) == (conn, 0)
