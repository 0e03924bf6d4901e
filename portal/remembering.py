"""Answers that hold until the register changes: each process keeps the newest few under the register's mark.

Only requests that read remember: whoever writes sees his own rows before anybody else does.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from flask import Flask, current_app, g

from portal.extensions import db, request_only_reads
from registry.marking import register_mark

MEMORY = "memory"
MOST_KEPT = 256
"""Answers; the longest are 50 rows as text and a figure with its places: some ten megabytes in each process."""

Answer = TypeVar("Answer")


class Memory:
    """What was asked last, by mark and question; threads share it."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def recall(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer kept under the key, or a new one; two threads that ask at once may both make it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                kept: Answer = self._kept[key]
                return kept
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


def add_memory(app: Flask) -> None:
    """Each process has its own."""
    app.extensions[MEMORY] = Memory()


def remembered(key: Hashable, make: Callable[[], Answer]) -> Answer:
    """What `make` answers, asked anew only after the register has changed.

    The key names everything else that the answer depends on: who asks, what, and of which day.
    """
    mark = current_mark()
    if mark is None:
        return make()
    memory: Memory = current_app.extensions[MEMORY]
    return memory.recall((mark, key), make)


def current_mark() -> str | None:
    """The register's mark, read once a request; None where this request may write, or nothing was ever written."""
    if not request_only_reads():
        return None
    if "mark" not in g:
        g.mark = register_mark(db.session())
    mark: str | None = g.mark
    return mark
