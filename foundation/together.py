"""What many threads ask at one moment, done for all of them at once: what databases call a group commit."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Together(Generic[Item]):
    """`do` is handed all that was asked while it was busy with what came before. Who is alone waits for nobody."""

    def __init__(self, do: Callable[[list[Item]], None]) -> None:
        self._do = do
        self._lock = Lock()
        self._waiting: list[_Asked[Item]] = []
        self._is_busy = False

    def ask(self, item: Item) -> None:
        """Return when `do` has had the item. Raises what `do` raised, in each thread whose item it had."""
        mine = _Asked(item)
        with self._lock:
            self._waiting.append(mine)
            has_to_wait, self._is_busy = self._is_busy, True
        if has_to_wait:
            mine.call.acquire()
        if not mine.is_done:
            self._lead()
        if mine.error:
            raise mine.error

    def _lead(self) -> None:
        time.sleep(0)  # who is about to ask comes along
        with self._lock:
            here, self._waiting = self._waiting, []
        error: BaseException | None = None
        try:
            self._do([asked.item for asked in here])
        except BaseException as raised:  # noqa: BLE001  # by each of them again
            error = raised
        with self._lock:
            if self._waiting:
                self._waiting[0].call.release()
            else:
                self._is_busy = False
        for asked in here:
            asked.is_done, asked.error = True, error
            asked.call.release()


class _Asked(Generic[Item]):
    """What one thread asks. `call` is held until it is done, or its turn to lead the others has come."""

    __slots__ = ("call", "error", "is_done", "item")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.call = Lock()
        self.call.acquire()
        self.is_done = False
        self.error: BaseException | None = None
