"""A handover as its pages show it, made before they are drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError

from portal.access.positions import said
from portal.formatting import data, moment, word, word_within
from portal.frame import place_name
from portal.workflow.inbox import PAGES
from portal.workflow.steps import Button, Past, Waiting, buttons_of, past_of, waiting_for
from registry.access.actors import Actor
from registry.access.models import Position
from registry.access.roles import REGULATORS
from registry.handovers.models import Handover, HandoverLine, HandoverState, Passing
from registry.handovers.open_work import OpenWork, open_work
from registry.handovers.queries import handed_over_to
from registry.handovers.workflow import HandoverStep
from registry.workflow.models import Todo

STATE_KINDS = {
    HandoverState.DRAWN_UP: "waiting",
    HandoverState.PASSED_ON: "active",
    HandoverState.ACKNOWLEDGED: "done",
    HandoverState.WITHDRAWN: "ended",
}
STEP_PAGES = {
    HandoverStep.HAND_ON: "handovers.hand_on",
    HandoverStep.ACKNOWLEDGE: "handovers.acknowledge",
    HandoverStep.WITHDRAW: "handovers.withdraw",
}
FURTHER_PAGES = {
    "delegation": ("positions.index", ""),
    "issued_document": ("documents.show", "issued_document"),
}
"""Where what is no subject of a to-do is shown."""

SHOWN_AT_HOME = 5


@dataclass(frozen=True)
class ItemRow:
    """One piece of work."""

    code: str
    """Of the line; empty in a preview."""
    title: str
    name: str
    url: str
    """Empty where the reader cannot open it."""
    passing: Passing
    has_others: bool
    acknowledged_at: datetime | None


@dataclass(frozen=True)
class Preview:
    """The open work of a position before anything is passed on."""

    said: str
    holder: str
    counts: tuple[tuple[str, int], ...]
    rows: tuple[ItemRow, ...]
    """Empty for whoever only looks after positions."""
    total: int
    alone: int
    beside: tuple[str, ...]


@dataclass(frozen=True)
class HandoverPage:
    """Everything that the page of one handover shows."""

    handover: Handover
    kind: str
    facts: tuple[tuple[str, str], ...]
    buttons: tuple[Button, ...]
    past: tuple[Past, ...]
    waiting: tuple[Waiting, ...]
    rows: tuple[ItemRow, ...]
    counts: tuple[tuple[str, int], ...]
    preview: Preview | None
    is_successor: bool
    left: int
    """Lines that the successor has not seen."""


@dataclass(frozen=True)
class ListAtHome:
    """交接清单 on the first page of the successor."""

    code: str
    version: int
    sender: str
    total: int
    left: int
    rows: tuple[ItemRow, ...]
    """The first that he has not seen."""


def handover_page(session: Session, handover: Handover, actor: Actor, today: date) -> HandoverPage:
    """One handover for one reader."""
    is_shown, is_party = sees_names(handover, actor), _is_party(handover, actor)
    lines = handover.lines
    return HandoverPage(
        handover=handover,
        kind=STATE_KINDS[handover.state],
        facts=_facts(handover),
        buttons=buttons_of(
            session,
            handover,
            actor,
            STEP_PAGES,
            main=frozenset({HandoverStep.HAND_ON}),
            direct=frozenset({HandoverStep.ACKNOWLEDGE, HandoverStep.WITHDRAW}),
        ),
        past=past_of(session, handover, HandoverStep),
        waiting=waiting_for(session, handover, today, lambda todo: _place_of(todo, handover)),
        rows=tuple(_row_of(line, is_linked=is_party) for line in lines) if is_shown else (),
        counts=_counts(line.title for line in lines),
        preview=_preview_in_hand(session, handover, actor, today),
        is_successor=handover.successor is not None and handover.successor.account.code == actor.code,
        left=sum(line.acknowledged_at is None for line in lines),
    )


def preview_of(session: Session, position: Position, actor: Actor, today: date) -> Preview:
    """What is open in a position, for whoever is to hand it over or to end it."""
    work = open_work(session, position, today)
    own = position.account.code in actor.people
    is_shown = own or actor.role in REGULATORS or actor.organisation_id is not None
    return Preview(
        said=said(position),
        holder=position.account.name,
        counts=_counts(item.title for item in work.items),
        rows=_rows_of(work, is_linked=own) if is_shown else (),
        total=len(work.items),
        alone=len(work.alone),
        beside=tuple(one.account.name for one in work.beside),
    )


def lists_at_home(session: Session, actor: Actor) -> list[ListAtHome]:
    """What was handed over to the reader and is not put away."""
    return [_at_home(handover) for handover in handed_over_to(session, actor)]


def sees_names(handover: Handover, actor: Actor) -> bool:
    """The two people, their organisation, and civil affairs above; administrators see numbers, no business."""
    own = actor.organisation_id is not None and actor.organisation_id == handover.organisation_id
    return _is_party(handover, actor) or own or actor.role in REGULATORS


def _is_party(handover: Handover, actor: Actor) -> bool:
    parties = {handover.position.account.code}
    if handover.successor is not None:
        parties.add(handover.successor.account.code)
    return bool(parties & actor.people)


def _preview_in_hand(session: Session, handover: Handover, actor: Actor, today: date) -> Preview | None:
    """As long as nothing was passed on, the work is what is open now."""
    is_open = handover.state is HandoverState.DRAWN_UP
    return preview_of(session, handover.position, actor, today) if is_open else None


def _at_home(handover: Handover) -> ListAtHome:
    left = [line for line in handover.lines if line.acknowledged_at is None]
    return ListAtHome(
        handover.code,
        handover.version,
        handover.position.account.name,
        len(handover.lines),
        len(left),
        tuple(_row_of(line, is_linked=True) for line in left[:SHOWN_AT_HOME]),
    )


def _facts(handover: Handover) -> tuple[tuple[str, str], ...]:
    successor = handover.successor
    if successor is not None:
        to = data(successor.account.name)
    else:
        to = _("待上级安排") if handover.is_left_above else _("尚未指定")
    return (
        (_("移交人"), data(handover.position.account.name)),
        (_("担任岗位"), data(said(handover.position))),
        (_("接办人"), to),
        (_("交接原因"), word(handover.kind)),
        (_("说明"), data(handover.note)),
        (_("提出人"), data(f"{handover.drawn_up_by.name}（{word_within(handover.drawn_up_as)}）")),
        (_("提出时间"), moment(handover.drawn_up_at)),
        (_("移交时间"), moment(handover.passed_on_at)),
    )


def _counts(titles: Iterable[str]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for title in titles:
        found[title] = found.get(title, 0) + 1
    return tuple((_(title), count) for title, count in found.items())


def _rows_of(work: OpenWork, *, is_linked: bool) -> tuple[ItemRow, ...]:
    return tuple(
        ItemRow(
            "",
            _(item.title),
            item.name,
            _address(item.subject_type, item.code) if is_linked else "",
            item.passing,
            item.has_others,
            None,
        )
        for item in work.items
    )


def _row_of(line: HandoverLine, *, is_linked: bool) -> ItemRow:
    url = _address(line.subject_type, line.subject_code) if is_linked else ""
    return ItemRow(
        line.code,
        _(line.title),
        line.subject_name,
        url,
        line.passing,
        has_others=False,
        acknowledged_at=line.acknowledged_at,
    )


def _address(subject_type: str, code: str) -> str:
    """Empty where what it speaks of has no page."""
    endpoint, argument = (PAGES | FURTHER_PAGES).get(subject_type, ("", ""))
    if not endpoint:
        return ""
    try:
        return url_for(endpoint, **({argument: code} if argument else {}))  # type: ignore[arg-type]  # its argument
    except BuildError:
        return ""


def _place_of(todo: Todo, handover: Handover) -> str:
    if todo.organisation_id is not None and handover.organisation is not None:
        return handover.organisation.name
    return place_name(todo.division_code) or ""
