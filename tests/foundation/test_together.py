"""What threads ask while one of them is busy is done in one go after it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from foundation.together import Together

LONG = 10  # seconds: more than any step takes


class Told(threading.Condition):
    """A lock that says when it was let go, so that a test need not look again and again."""

    def __exit__(self, *failure):
        self.notify_all()
        return super().__exit__(*failure)


class Door:
    """Does what it is handed when it is let; `had` says what came together. "bad" makes it fail."""

    def __init__(self):
        self.had, self.let, self.entered = [], threading.Semaphore(0), threading.Semaphore(0)
        self.together = Together(self.do)
        self.together._lock = Told()

    def do(self, items):
        self.entered.release()
        assert self.let.acquire(timeout=LONG)
        self.had.append(sorted(items))
        if "bad" in items:
            raise ValueError(items)

    def wait_for(self, count):
        """Until so many wait for whoever is inside."""
        with self.together._lock:
            assert self.together._lock.wait_for(lambda: len(self.together._waiting) >= count, LONG)


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def threads():
    with ThreadPoolExecutor(8) as pool:
        yield pool


def ask_behind_the_first(door, threads, *items):
    """The first is inside; the others come meanwhile."""
    first = threads.submit(door.together.ask, "first")
    assert door.entered.acquire(timeout=LONG)
    others = []
    for count, item in enumerate(items, start=1):
        others.append(threads.submit(door.together.ask, item))
        door.wait_for(count)
    return first, others


def test_who_is_alone_waits_for_nobody(door):
    door.let.release(2)
    door.together.ask("one")
    door.together.ask("two")
    assert door.had == [["one"], ["two"]]


def test_those_who_come_meanwhile_are_done_in_one_go(door, threads):
    first, others = ask_behind_the_first(door, threads, "a", "b", "c")
    assert not first.done()
    door.let.release(2)
    for asked in (first, *others):
        assert asked.result(LONG) is None
    assert door.had == [["first"], ["a", "b", "c"]]


def test_nobody_returns_before_it_is_done(door, threads):
    first, (other,) = ask_behind_the_first(door, threads, "a")
    door.let.release()
    first.result(LONG)
    assert door.entered.acquire(timeout=LONG)
    assert not other.done()
    door.let.release()
    other.result(LONG)


def test_a_failure_is_everybodys_who_was_there_and_nobody_elses(door, threads):
    first, others = ask_behind_the_first(door, threads, "a", "bad")
    door.let.release()
    first.result(LONG)
    assert door.entered.acquire(timeout=LONG)
    later = threads.submit(door.together.ask, "later")
    door.wait_for(1)
    door.let.release(2)
    for asked in others:
        with pytest.raises(ValueError, match="bad"):
            asked.result(LONG)
    assert later.result(LONG) is None
    assert door.had == [["first"], ["a", "bad"], ["later"]]


def test_of_a_crowd_each_is_done_once():
    had, together = [], Together(lambda items: had.extend(items))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(together.ask, range(2000)))
    assert sorted(had) == list(range(2000))
