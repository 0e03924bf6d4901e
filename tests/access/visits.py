"""A tour of an account through the portal: what was answered, and what each question wrote into the database."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from werkzeug.test import TestResponse

from registry.schema import metadata
from tests.access.addresses import Question
from tests.access.stage import Stage, performance

WRITING = re.compile(r'\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE)
TRAIL = frozenset({"audit_entry", "audit_head"})
"""What alone may be written while somebody only reads: the entries of the trail, and the head of their chain."""


@dataclass(frozen=True)
class Visit:
    """One question of one account, and its answer."""

    who: str
    question: Question
    answer: TestResponse
    wrote: frozenset[str]
    """The tables that a statement wrote to meanwhile."""

    def __str__(self) -> str:
        return f"{self.who} {self.question.method} {self.question.url} -> {self.answer.status_code}"

    @property
    def is_reading(self) -> bool:
        return self.question.method in ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Tour:
    """All that one account asked; what was written is taken back after each question."""

    visits: tuple[Visit, ...]
    changed: tuple[str, ...]
    """Tables, but for the trail, that were not the same after all that was only read."""


def toured(stage: Stage, who: str, asked: Iterable[Question]) -> Tour:
    """Asks everything: what only reads first, so that its traces add up."""
    questions = list(asked)
    with performance(stage) as connection:
        before = digests(connection)
        visits = [visited(stage, connection, who, one) for one in questions if one.method != "POST"]
        after = digests(connection)
        for one in questions:
            if one.method == "POST":
                kept = connection.begin_nested()
                visits.append(visited(stage, connection, who, one))
                kept.rollback()
    return Tour(tuple(visits), changed_tables(before, after))


def visited(stage: Stage, connection: sa.Connection, who: str, question: Question) -> Visit:
    """One question."""
    with written_tables(connection) as wrote:
        answer = question.put(stage, who)
    return Visit(who, question, answer, frozenset(wrote))


@contextmanager
def written_tables(connection: sa.Connection) -> Iterator[set[str]]:
    """The names of the tables that statements write to meanwhile."""
    found: set[str] = set()

    def note(_connection: object, _cursor: object, statement: str, *_rest: Any) -> None:
        match = WRITING.match(statement)
        if match:
            found.add(match[1])

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(connection, "before_cursor_execute", note)


def digests(connection: sa.Connection) -> dict[str, str]:
    """A hash over all rows of each table."""
    return {table.name: _digest(connection, table) for table in metadata.sorted_tables}


def changed_tables(before: dict[str, str], after: dict[str, str]) -> tuple[str, ...]:
    """Tables, but for the trail, that are no longer the same."""
    return tuple(name for name in before if before[name] != after[name] and name not in TRAIL)


def _digest(connection: sa.Connection, table: sa.Table) -> str:
    rows = connection.execute(sa.select(table).order_by(*table.primary_key.columns)).all()
    return hashlib.sha256(repr(rows).encode()).hexdigest()
