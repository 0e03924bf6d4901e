"""Binds a listing to an address: what was asked, what can be asked next, and where each link leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from portal.days import read_day
from portal.extensions import db
from portal.formatting import data, language, number, word
from portal.remembering import remembered
from portal.security import current_actor
from portal.translating import said
from registry.access.actors import Actor
from registry.access.rules import readable
from registry.actions import Action
from registry.clock import today
from registry.divisions.codes import NATION, candidates, lies_within
from registry.divisions.queries import divisions_around, resolve
from registry.listing import Count, Filter, Listing, Page, Question
from registry.messages import N_

DIVISION = "division"
DAY = "on"
PLACES = (DIVISION, "located")
"""Filters that name a division."""
NO_ATTRIBUTE, IN_CHINESE = Markup(""), Markup(' lang="zh-Hans"')


@dataclass(frozen=True)
class Words:
    """The sentence above a list; both have the places `count` and `place`."""

    total: LazyString
    capped: LazyString


@dataclass(frozen=True)
class Option:
    """One line of a box; a word of the data keeps its language."""

    value: str
    word: str
    is_data: bool = False


@dataclass(frozen=True)
class Box:
    """A filter as the page offers it; without options it is a text."""

    key: str
    label: str
    value: str
    options: tuple[Option, ...] | None


@dataclass(frozen=True)
class Chip:
    """A filter in force, with the address of the list without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True)
class Heading:
    """The head of a column; `url` orders by it, `direction` says that it is so now."""

    label: str
    url: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Places:
    """The division that a list is cut to, and those that it can be cut to next."""

    code: str
    names: Mapping[str, str]
    options: tuple[Option, ...]

    @property
    def name(self) -> str | Markup:
        """Where the rows lie, as the sentence above the list says it."""
        return said(N_("全国")) if self.code == NATION else data(self.names.get(self.code, self.code))


class ListView:
    """One list as one address shows it; everything a template needs, made before it is drawn."""

    example_word = "示例"
    """A name that says itself that it is made up needs no mark beside it."""

    def __init__(
        self,
        question: Question,
        page: Page,
        places: Places,
        words: Words,
        *,
        endpoint: str,
        tabs: frozenset[str] = frozenset(),
        beside: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`tabs` are the filters that the page offers as tabs: these show by themselves that they are in force.

        `beside` is what the address asks of something else than the list; every link keeps it.
        """
        self.question = question
        self.beside = beside
        self.page = page
        self.places = places
        self.list_url = url_for(endpoint)
        self._kept = tabs | {DIVISION}
        self.total = _total(words, page, places)
        self.labels = {key: said(label) for key, label in _all_labels(question.listing)}
        self.boxes = {item.key: self._box(item) for item in question.listing.filters}
        self.chips = tuple(
            self._chip(item) for item in question.listing.filters if item.key in self._narrowing
        )

    @property
    def rows(self) -> Sequence[Any]:
        """The rows of the page."""
        return self.page.rows

    @property
    def day(self) -> date:
        """The day that the list speaks of."""
        return self.question.on

    def carried(self, *shown: Sequence[str]) -> list[str]:
        """Filters in force that have no box, so that the form must carry them on."""
        boxes = {key for keys in shown for key in keys}
        return [key for key in self.question.typed if key not in boxes]

    @property
    def clear_url(self) -> str:
        """The list without any filter but its division and its tab."""
        kept = {key: value for key, value in self.question.typed.items() if key in self._kept}
        return _address(self.list_url, {**self.beside, **kept})

    def heading(self, key: str, label: str = "") -> Heading:
        """The head of a column, a link where the list can be ordered by it."""
        label = label or self.labels[key]
        if key not in self.question.listing.sorts:
            return Heading(label)
        is_current = self.question.sort == key
        is_descending = is_current and self.question.is_descending
        direction = ("descending" if is_descending else "ascending") if is_current else ""
        turned = key if not is_current or is_descending else f"-{key}"
        return Heading(label, self.url(sort=turned), direction)

    def url(self, **changes: str) -> str:
        """The address of this list with some values changed, from its first page; an empty value goes."""
        return _address(self.list_url, self._values(changes))

    def same_url(self, endpoint: str, **changes: str) -> str:
        """Another page that understands the same filters, with some values changed."""
        return _address(
            url_for(endpoint), self._values({"sort": "", **dict.fromkeys(self.beside, ""), **changes})
        )

    def page_url(self, page_number: int) -> str:
        """The address of another page of this list."""
        return self.url(page=str(page_number))

    def export_url(self, kind: str) -> str:
        """Where exactly these rows can be had as a file."""
        return _address(f"{self.list_url}/export", self._values({"format": kind}))

    @property
    def is_cut(self) -> bool:
        """Whether anything but the division leaves rows out: then an empty list is no empty register."""
        return bool(self.question.typed.keys() - {DIVISION}) or self.page.has_previous

    @property
    def whole_url(self) -> str:
        """The list of the division, without its tab too."""
        return _address(self.list_url, {DIVISION: self.places.code})

    @property
    def named_filters(self) -> list[tuple[str, str]]:
        """Label and value of each filter in force, for the page that found nothing."""
        filters = self.question.listing.filters
        chips = [self._chip(item) for item in filters if item.key in self.question.typed.keys() - {DIVISION}]
        return [(chip.label, chip.value) for chip in chips]

    @property
    def data_language(self) -> Markup:
        """The attribute of an element that holds nothing but data: its language, where the page speaks another one."""
        return NO_ATTRIBUTE if language() == "zh" else IN_CHINESE

    def words_of(self, key: str) -> dict[str, str]:
        """The word of each value that a filter can choose: looked up once, and not in every row."""
        return {option.value: option.word for option in self.boxes[key].options or ()}

    @property
    def is_national(self) -> bool:
        """Whether the rows lie in several provinces, so that each must name its own."""
        return self.places.code == NATION

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter is in force that the reader could take away."""
        return bool(self.chips)

    def is_open(self, *keys: str) -> bool:
        """Whether one of these filters is in force, so that its box must not be hidden."""
        return any(key in self.question.typed for key in keys) or (DAY in keys and self.day != today())

    @property
    def _narrowing(self) -> frozenset[str]:
        return frozenset(self.question.typed) - self._kept

    def _values(self, changes: Mapping[str, str]) -> dict[str, str]:
        day = "" if self.day == today() else self.day.isoformat()
        asked = {"sort": self.question.typed_sort, DAY: day}
        values = {**self.beside, **self.question.typed, **asked, **changes}
        return {key: value for key, value in values.items() if value}

    def _box(self, item: Filter) -> Box:
        label, value = said(item.label), self.question.typed.get(item.key, "")
        if item.key == DIVISION:
            return Box(item.key, label, self.places.code, self.places.options)
        if not item.choices:
            return Box(item.key, label, value, None)
        choices = (Option(choice.value, word(choice)) for choice in item.choices)
        return Box(item.key, label, value, (Option("", said(N_("全部"))), *choices))

    def _chip(self, item: Filter) -> Chip:
        value = self.question.typed[item.key]
        shown = word(item.parse(value)) if item.choices else data(value)
        return Chip(said(item.label), shown, self.url(**{item.key: ""}))


def ask(listing: Listing, action: Action, *, home: str | None = None) -> Question:
    """What the address asks of a listing; a list is cut to `home`, the asker's division, unless it names another.

    `action` is what he must be allowed to do with a row to find it.
    """
    actor = current_actor()
    typed = {DIVISION: actor.division_code if home is None else home} | request.args.to_dict()
    named = (key for key in PLACES if typed.get(key, "").strip() not in ("", NATION, actor.division_code))
    typed |= {key: canonical(typed[key]) for key in named}
    return _question(listing, action, actor, tuple(typed.items()), asked_day())


def canonical(typed: str) -> str:
    """Today's code of what was typed, padded or old; UnknownDivision where there is none. What is no code is left."""
    return resolve(db.session(), typed, today()).code if candidates(typed) else typed


@lru_cache(maxsize=256)
def _question(
    listing: Listing, action: Action, actor: Actor, typed: tuple[tuple[str, str], ...], on: date
) -> Question:
    """The same question is the same object: putting its statements together costs as much as running them."""
    scope = readable(listing.model, actor, action)
    return listing.ask(dict(typed), scope=scope, on=on, asker=(action, actor))


def fetched(session: Session, question: Question) -> Page:
    """The page of a list; its count is remembered for all pages and orders of the same rows, its rows are not."""

    def counted() -> Count:
        return remembered(question.same_rows, lambda: question.count(session))

    return question.fetch(session, counted=counted)


def asked_day() -> date:
    """The day in the address, or today; InvalidInput where it is no day."""
    return read_day(request.args.get(DAY, ""), today())


def places_of(session: Session, question: Question, home: str) -> Places:
    """The division of the list with what lies around it: the way down from the asker's own, then what is below."""
    code = question.typed.get(DIVISION, NATION)
    around = remembered(
        ("around", code if code != NATION else home, question.on),
        lambda: divisions_around(session, code if code != NATION else home, question.on),
    )
    names = {
        one.code: one.name
        for one in around
        if code == NATION or lies_within(one.code, home) or one.code == code
    }
    options = (Option(key, name, is_data=True) for key, name in names.items())
    return Places(code, names, (*options, Option(NATION, said(N_("全国")))))


def _address(path: str, values: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(values)}" if values else path


def _total(words: Words, page: Page, places: Places) -> Markup:
    sentence = words.capped if page.count.is_capped else words.total
    values = {"count": number(page.count.number), "place": places.name}
    return Markup(escape(str(sentence))) % values  # noqa: S704  # the sentence is escaped, Markup escapes the values


def _all_labels(listing: Listing) -> Sequence[tuple[str, str]]:
    own = [(column.key, column.label) for column in listing.columns]
    return own + [label for batch in listing.batches for label in batch.labels]
