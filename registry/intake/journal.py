"""The journal of a load: which records it wrote, as they were before and as it left them, packed page by page.

The mechanism writes it and no kind of workbook does: `bulk.py` notes the rows that it sends, and whatever else the
session writes meanwhile is read before and after it is written. Sealed values stay as they are sealed.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from registry.base import Base, UtcDateTime
from registry.intake.models import IntakeRun, JournalKind, JournalPage

Record = dict[str, Any]
"""One row of a table by its columns."""
Pair = tuple[Record, Record]
"""A row before and after."""

NOT_NOTED = frozenset(
    {"audit_entry", "audit_head", "intake_run", "intake_journal_page", "register_mark", "standing_series"}
)
"""What tells of acts is not undone with them, and a number that was given is not given again."""

IN_BULK = "is_noted_in_bulk"
"""The execution option of statements that `bulk.py` has noted itself."""
PAGE = 5_000
_JOURNAL = "intake_journal"


class Journal:
    """Notes what one session writes for one run."""

    def __init__(self, session: Session, run: IntakeRun) -> None:
        self._session = session
        self._run_id = run.id
        self._before: dict[tuple[sa.Table, int], Record] = {}
        self._gone: set[tuple[sa.Table, int]] = set()

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Everything that is written inside is noted; it is flushed at the end."""
        hooks = (
            ("before_flush", self._before_flush),
            ("after_flush", self._after_flush),
            ("do_orm_execute", self._around_statement),
        )
        self._session.flush()
        self._session.info[_JOURNAL] = self
        for name, hook in hooks:
            event.listen(self._session, name, hook)
        try:
            yield
            self._session.flush()
        finally:
            for name, hook in hooks:
                event.remove(self._session, name, hook)
            del self._session.info[_JOURNAL]

    def created_in_bulk(self, table: sa.Table, rows: Sequence[Record]) -> None:
        """Rows that are about to be inserted: they get their keys here, so that the journal knows them."""
        for key, row in zip(self._new_keys(table, len(rows)), rows, strict=True):
            row["id"] = key
        rest = _defaults(table, rows[0].keys())
        self._keep(table, JournalKind.CREATED, {"rest": rest} | _by_columns(rows))

    def rows(self, table: sa.Table, ids: Sequence[int]) -> dict[int, Record]:
        """Rows as they stand now, by key."""
        return rows_of(self._session, table, ids)

    def changed(self, table: sa.Table, pairs: Sequence[Pair]) -> None:
        """Rows that were updated; where nothing differs there is nothing to note."""
        different = [pair for pair in pairs if pair[0] != pair[1]]
        for start in range(0, len(different), PAGE):
            before, after = zip(*different[start : start + PAGE], strict=True)
            self._keep(
                table, JournalKind.CHANGED, {"before": _by_columns(before), "after": _by_columns(after)}
            )

    def _before_flush(self, session: Session, _context: UOWTransaction, _instances: Any) -> None:
        self._before = {
            (table, key): row
            for table, keys in _by_table((*session.dirty, *session.deleted)).items()
            for key, row in self.rows(table, keys).items()
        }
        self._gone = {(table, key) for table, keys in _by_table(session.deleted).items() for key in keys}

    def _after_flush(self, session: Session, _context: UOWTransaction) -> None:
        for table, keys in _by_table(session.new).items():
            self._keep_rows(table, JournalKind.CREATED, self.rows(table, keys).values())
        for table in dict.fromkeys(table for table, _key in self._before):
            before = {key: row for (of, key), row in self._before.items() if of is table}
            gone = [row for key, row in before.items() if (table, key) in self._gone]
            self._keep_rows(table, JournalKind.REMOVED, gone)
            after = self.rows(table, list(before))
            self.changed(table, [(row, after[key]) for key, row in before.items() if key in after])
        self._before, self._gone = {}, set()

    def _around_statement(self, state: ORMExecuteState) -> Any:
        """An update or a delete that names its rows by a condition."""
        writes = state.is_update or state.is_delete or state.is_insert
        if not writes or state.execution_options.get(IN_BULK):
            return None
        statement: Any = state.statement
        table = Base.metadata.tables[statement.table.name]
        if table.name in NOT_NOTED:
            return None
        if state.is_insert or state.is_executemany:
            raise AssertionError(f"A load writes {table.name} through bulk.py or as objects, to be undone.")
        self._session.flush()
        hit = sa.select(table.c.id).where(*statement._where_criteria)  # noqa: SLF001  # there is no public name
        ids = list(self._session.execute(hit, state.parameters).scalars())
        before = self.rows(table, ids)
        result = state.invoke_statement()
        after = self.rows(table, ids)
        self._keep_rows(table, JournalKind.REMOVED, [row for key, row in before.items() if key not in after])
        self.changed(table, [(row, after[key]) for key, row in before.items() if key in after])
        return result

    def _keep_rows(self, table: sa.Table, kind: JournalKind, rows: Iterable[Record]) -> None:
        found = list(rows)
        if found:
            self._keep(table, kind, _by_columns(found))

    def _keep(self, table: sa.Table, kind: JournalKind, content: Mapping[str, Any]) -> None:
        page = {
            "record_table": table.name,
            "kind": kind,
            "records": packed(content),
            "run_id": self._run_id,
        }
        self._session.execute(sa.insert(JournalPage), page)

    def _new_keys(self, table: sa.Table, count: int) -> Sequence[int]:
        if self._session.get_bind().dialect.name == "postgresql":
            sequence = sa.func.nextval(sa.func.pg_get_serial_sequence(table.name, "id"))
            series = sa.func.generate_series(1, count).table_valued("number")
            return list(self._session.execute(sa.select(sequence).select_from(series)).scalars())
        last = self._session.scalar(sa.select(sa.func.max(table.c.id))) or 0
        return range(last + 1, last + count + 1)


def journal_of(session: Session) -> Journal | None:
    """The journal of the load that goes on in this session."""
    found: Journal | None = session.info.get(_JOURNAL)
    return found


def rows_of(
    session: Session, table: sa.Table, ids: Sequence[int], *, locked: bool = False
) -> dict[int, Record]:
    """Whole rows by key, read beside the objects of the session; locked, nobody else writes them meanwhile."""
    found: dict[int, Record] = {}
    for start in range(0, len(ids), PAGE):
        wanted = sa.select(table).where(table.c.id.in_(ids[start : start + PAGE]))
        wanted = wanted.with_for_update() if locked else wanted
        rows = session.execute(wanted).mappings()
        found |= {row["id"]: dict(row) for row in rows}
    return found


def packed(content: Mapping[str, Any]) -> bytes:
    """As it is kept; the quickest compression, since a load of 100,000 rows packs some forty pages."""
    return zlib.compress(_ENCODER.encode(content).encode(), level=1)


def unpacked(data: bytes) -> dict[str, Any]:
    """The reverse of `packed`; values are as JSON has them."""
    content: dict[str, Any] = json.loads(zlib.decompress(data))
    return content


def records_in(table: sa.Table, content: Mapping[str, Any]) -> Iterator[Record]:
    """The rows of one part of a page, each value as its column has it."""
    read = [_reader(table.c[name]) for name in content["columns"]]
    rest = {
        name: None if value is None else _reader(table.c[name])(value)
        for name, value in content.get("rest", {}).items()
    }
    for values in content["rows"]:
        told = (
            None if value is None else reading(value) for reading, value in zip(read, values, strict=True)
        )
        yield rest | dict(zip(content["columns"], told, strict=True))


def _by_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"columns": list(rows[0]), "rows": [list(row.values()) for row in rows]}


def _defaults(table: sa.Table, named: Iterable[str]) -> Record:
    """What the columns get that an insert does not name."""
    rest: Record = {}
    for column in table.c:
        if column.name in named or column.server_default is not None:
            continue
        default: Any = column.default
        rest[column.name] = default.arg if default is not None and default.is_scalar else None
    return rest


def _by_table(records: Iterable[Any]) -> dict[sa.Table, list[int]]:
    """The keys of objects by their tables, without those that are not noted."""
    found: dict[sa.Table, list[int]] = {}
    for record in records:
        table: sa.Table = type(record).__table__
        if table.name not in NOT_NOTED:
            found.setdefault(table, []).append(record.id)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return b64encode(value).decode() if isinstance(value, bytes) else str(value)


_ENCODER = json.JSONEncoder(default=_plain, separators=(",", ":"), ensure_ascii=False)


def _reader(column: sa.Column[Any]) -> Callable[[Any], Any]:
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    if isinstance(kind, sa.LargeBinary):
        return b64decode
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return kind.enum_class
    if isinstance(kind, sa.Numeric) and not isinstance(kind, sa.Float):
        return Decimal
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
