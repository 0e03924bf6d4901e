"""One query object feeds the table, the count, the export, the map and the API, so that they cannot differ.

A listing is declared once per list: its columns, its filters, its orders. `ask` reads what was typed into
an address, refuses what the listing does not know, and gives a question whose statements contain nothing but
declared expressions.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, make_dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import ColumnElement

from registry.base import Base
from registry.divisions.codes import CodeColumn, within
from registry.errors import InvalidInput
from registry.messages import N_, message

PAGE_SIZE = 50
COUNT_CAP = 10_000
MAX_PAGE = 100_000
EXPORT_CHUNK = 500
TEXT_LENGTH = 100

ON = sa.bindparam("on", type_=sa.Date())
"""The day that a list speaks of: a place in every declared expression, filled when the list is asked."""

Statement = sa.Select[*tuple[Any, ...]]
Expression = ColumnElement[Any] | InstrumentedAttribute[Any]

Row = Any
"""A frozen record that each listing makes for itself: `id`, its columns and those of its batches, by key."""


@dataclass(frozen=True)
class Column:
    """One column; `order` is what to sort by, served by an index; empty where that is not offered."""

    key: str
    label: str
    expression: Expression
    order: tuple[Expression, ...] = ()
    is_exported: bool = True


@dataclass(frozen=True)
class Batch:
    """Columns worked out for a page at once: `load` gives each id's values on a day, in one statement."""

    labels: tuple[tuple[str, str], ...]
    """Key and label of each column."""
    load: Callable[[Session, Sequence[int], date], Mapping[int, tuple[Any, ...]]]


@dataclass(frozen=True)
class Filter:
    """One condition that an address may name; `parse` raises ValueError on what it does not know."""

    key: str
    label: str
    parse: Callable[[str], Any]
    clause: Callable[[Any, date], ColumnElement[bool]]
    """The condition for a parsed value on the day of the list."""
    choices: tuple[StrEnum, ...] = ()
    order: tuple[Expression, ...] = ()
    """How these rows come unless another order is asked for; only for filters that leave few rows."""


@dataclass(frozen=True)
class Count:
    """How many rows; beyond the cap nobody counts on."""

    number: int
    is_capped: bool = False


@dataclass(frozen=True)
class Page:
    """The rows of one page with their place in the whole."""

    rows: Sequence[Row]
    count: Count
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        """Whether rows come before these."""
        return self.number > 1


def sheet(rows: Sequence[Row], typed: Mapping[str, str]) -> Page:
    """The page that an address asks of rows which are all read already; InvalidInput for what is no page."""
    number = page_of(typed.get("page", ""))
    after = number * PAGE_SIZE
    return Page(rows[after - PAGE_SIZE : after], Count(len(rows)), number, after < len(rows))


@dataclass(frozen=True, eq=False)
class Listing:
    """What one list can show and can be asked; there is one of each."""

    key: str
    model: type[Base]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    default_sort: str
    """As in an address: with a minus, from the last to the first."""
    batches: tuple[Batch, ...] = ()

    @cached_property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """Key and label of each column that a file shows, in order."""
        own = tuple((column.key, column.label) for column in self.columns if column.is_exported)
        return own + tuple(label for batch in self.batches for label in batch.labels)

    @cached_property
    def sorts(self) -> Mapping[str, Column]:
        """The columns by which the list can be ordered."""
        return {column.key: column for column in self.columns if column.order}

    @cached_property
    def row_type(self) -> Callable[..., Row]:
        """Makes a row of the id and the values of all columns."""
        keys = [column.key for column in self.columns]
        keys += [key for batch in self.batches for key, _label in batch.labels]
        return make_dataclass("Row", ["id", *keys], frozen=True, slots=True)

    @cached_property
    def statement(self) -> Statement:
        """The id and the own columns of every row, without conditions."""
        own = (column.expression.label(column.key) for column in self.columns)
        return sa.select(self.id.label("id"), *own)

    @property
    def id(self) -> ColumnElement[int]:
        """The integer key, which breaks ties in every order and is never shown."""
        return self.model.__table__.c.id

    def with_filters(self, *filters: Filter) -> "Listing":
        """The same list with more conditions."""
        return replace(self, filters=self.filters + filters)

    def with_batches(self, *batches: Batch) -> "Listing":
        """The same list with more columns that are worked out page by page."""
        return replace(self, batches=self.batches + batches)

    def ask(
        self, typed: Mapping[str, str], *, scope: ColumnElement[bool], on: date, asker: Hashable = None
    ) -> "Question":
        """Read an address; `scope` holds the rows that the asker may see, `on` is the day the list speaks of.

        `asker` stands for the scope where answers are remembered. Names that the listing does not know are left alone;
        a value it does not know raises InvalidInput.
        """
        named = [item for item in self.filters if typed.get(item.key, "").strip()]
        chosen = tuple((item, _parsed(item, typed[item.key])) for item in named)
        sort, is_descending = self._sort_of(typed.get("sort", ""))
        own_order = next((item.order for item in named if item.order), ())
        if not sort and not own_order:
            sort, is_descending = self._sort_of(self.default_sort)
        order = (*(self.sorts[sort].order if sort else own_order), self.id)
        return Question(
            listing=self,
            typed={item.key: typed[item.key].strip() for item in named},
            conditions=(scope, *(item.clause(value, on) for item, value in chosen)),
            ordering=tuple(_ordered(expression, is_descending) for expression in order),
            sort=sort,
            typed_sort=typed.get("sort", ""),
            is_descending=is_descending,
            page=page_of(typed.get("page", "")),
            on=on,
            asker=asker,
        )

    def _sort_of(self, typed: str) -> tuple[str, bool]:
        key = typed.removeprefix("-")
        if typed and key not in self.sorts:
            raise _refusal("sort", typed)
        return key, typed.startswith("-")


@dataclass(frozen=True, eq=False)
class Question:
    """A listing with what was asked of it; its statements are put together once."""

    listing: Listing
    typed: Mapping[str, str]
    """The filters in force, as they stand in an address."""
    conditions: tuple[ColumnElement[bool], ...] = field(repr=False)
    ordering: tuple[Expression, ...] = field(repr=False)
    sort: str
    """The key of the column that orders the rows; empty where a filter brought its own order."""
    typed_sort: str
    """The order as it stands in the address."""
    is_descending: bool
    page: int
    on: date
    asker: Hashable

    @property
    def same_rows(self) -> Hashable:
        """Equal for the questions that find the same rows, whatever their page and order."""
        return self.listing, self.asker, tuple(sorted(self.typed.items())), self.on

    def count(self, session: Session) -> Count:
        """How many rows there are, counted no further than the cap."""
        number = self.count_up_to(session, COUNT_CAP)
        return Count(min(number, COUNT_CAP), is_capped=number > COUNT_CAP)

    def count_up_to(self, session: Session, cap: int) -> int:
        """How many rows there are, or one more than the cap where there are more."""
        return session.scalar(self._count_statement, {"on": self.on, "most": cap + 1}) or 0

    def fetch(self, session: Session, *, counted: Callable[[], Count] | None = None) -> Page:
        """The rows of the page that was asked for; a list that ends on it is not counted a second time.

        `counted` knows the count from elsewhere.
        """
        before = (self.page - 1) * PAGE_SIZE
        found = session.execute(self._page_statement, {"on": self.on}).all()
        has_next = len(found) > PAGE_SIZE
        rows = self._completed(session, found[:PAGE_SIZE])
        if not has_next and (found or not before):
            return Page(rows, Count(before + len(found)), self.page, has_next)
        return Page(rows, counted() if counted else self.count(session), self.page, has_next)

    def every_row(self, session: Session) -> Iterator[Row]:
        """All rows in order, read in chunks: what an export holds."""
        statement = self.listing.statement.where(*self.conditions).order_by(*self.ordering)
        result = session.execute(statement, {"on": self.on}, execution_options={"yield_per": EXPORT_CHUNK})
        for found in result.partitions():
            yield from self._completed(session, found)

    @cached_property
    def _count_statement(self) -> sa.Select[int]:
        some = (
            sa.select(self.listing.id)
            .where(*self.conditions)
            .limit(sa.bindparam("most", type_=sa.Integer()))
            .subquery()
        )
        return sa.select(sa.func.count()).select_from(some)

    @cached_property
    def _page_statement(self) -> Statement:
        """Finds the page's keys first: columns that cost something are worked out for its rows alone."""
        listing = self.listing
        keys = sa.select(listing.id).where(*self.conditions).order_by(*self.ordering)
        page = keys.limit(PAGE_SIZE + 1).offset((self.page - 1) * PAGE_SIZE).subquery()
        rows = listing.statement.join_from(listing.model.__table__, page, page.c.id == listing.id)
        return rows.order_by(*self.ordering)

    def _completed(self, session: Session, found: Sequence[sa.Row[Any]]) -> list[Row]:
        ids = [row.id for row in found]
        loaded = [batch.load(session, ids, self.on) for batch in self.listing.batches] if ids else []
        make = self.listing.row_type
        return [make(*row, *(value for values in loaded for value in values[row.id])) for row in found]


def _parsed(item: Filter, typed: str) -> Any:
    try:
        return item.parse(typed.strip())
    except ValueError:
        raise _refusal(item.key, typed) from None


def page_of(typed: str) -> int:
    """The number of a page, 1 where none is typed; raises InvalidInput."""
    if not typed:
        return 1
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 6 and 1 <= int(typed) <= MAX_PAGE):
        raise _refusal("page", typed)
    return int(typed)


def _refusal(key: str, typed: str) -> InvalidInput:
    shown = "".join(character for character in typed[:TEXT_LENGTH] if character.isprintable())
    sentence = N_("网址中“%(key)s”的值“%(value)s”不在可选范围内，请清除筛选后重新选择。")
    return InvalidInput(key, message(sentence, key=key, value=shown))


def text_value(typed: str) -> str:
    """The parser of a text filter: one line of printable characters, not too long."""
    if len(typed) > TEXT_LENGTH or not typed.isprintable():
        raise ValueError(typed)
    return typed


def code_value(typed: str) -> str:
    """The parser of a division: the digits of a canonical code, or "0" for the whole country."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) in (1, 2, 4, 6, 9, 12)):
        raise ValueError(typed)
    return typed


def holding(column: Expression, text: str) -> ColumnElement[bool]:
    """The column holds the text anywhere, without regard to case."""
    return column.icontains(text, autoescape=True)


def enum_filter(key: str, label: str, column: Expression, kind: type[StrEnum]) -> Filter:
    """A stored value, one of its enumeration."""
    return Filter(key, label, parse=kind, clause=lambda value, _on: column == value, choices=tuple(kind))


def facet_filter(key: str, label: str, clauses: Mapping[Any, ColumnElement[bool]]) -> Filter:
    """One of several conditions, each under its word."""
    choices = tuple(clauses)
    return Filter(key, label, parse=type(choices[0]), clause=lambda word, _on: clauses[word], choices=choices)


def facet_value(clauses: Mapping[Any, ColumnElement[bool]]) -> ColumnElement[Any]:
    """The word of the first condition that holds, as a column."""
    words = tuple(clauses)
    cases = [(condition, word.value) for word, condition in clauses.items()]
    stored = sa.Enum(type(words[0]), native_enum=False, values_callable=_values_of)
    return sa.type_coerce(sa.case(*cases[:-1], else_=cases[-1][1]), stored)


def _values_of(kind: Iterable[StrEnum]) -> list[str]:
    return [member.value for member in kind]


def text_filter(key: str, label: str, *columns: Expression) -> Filter:
    """Some column holds the text."""

    def clause(text: str, _on: date) -> ColumnElement[bool]:
        return sa.or_(*(holding(column, text) for column in columns))

    return Filter(key, label, parse=text_value, clause=clause)


def division_filter(key: str, label: str, column: CodeColumn) -> Filter:
    """A division with everything below it."""
    return Filter(key, label, parse=code_value, clause=lambda code, _on: within(column, code))


def _ordered(expression: Expression, is_descending: bool) -> Expression:
    """An empty value comes before all others, on either engine; left unsaid, PostgreSQL puts it behind them."""
    if not getattr(expression, "nullable", True):
        return expression.desc() if is_descending else expression
    if isinstance(expression, sa.UnaryExpression):
        return expression  # a filter's own order says all by itself
    return expression.desc().nulls_last() if is_descending else expression.asc().nulls_first()
