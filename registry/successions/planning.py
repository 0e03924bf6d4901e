"""What a merger or a split would do, worked out before it is recorded; the page shows it, the operation does it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Position
from registry.access.positions import held
from registry.errors import InvalidInput
from registry.messages import N_, Message, message
from registry.organisations.models import (
    AddressChange,
    AddressChangeState,
    Organisation,
    Site,
    Standing,
    StandingKind,
)
from registry.organisations.passing import ENDINGS, PASSINGS, STAYINGS, Counted, Over, Prospect
from registry.successions.models import SuccessionKind
from registry.successions.queries import comes_after, merged_into

Counts = tuple[tuple[Message, int], ...]
"""What there is of each kind; nothing of which there is none."""

OPEN_CHANGES = (AddressChangeState.DRAFT, AddressChangeState.SUBMITTED, AddressChangeState.RETURNED)


@dataclass(frozen=True)
class Wanted:
    """What was typed."""

    kind: SuccessionKind
    successor: str
    """Its permanent number, credit code or public code."""
    on: date
    document: str
    sites: frozenset[str]
    """Public codes of the sites that pass over."""
    ends: bool = True
    """Of a split: whether the predecessor ends with it."""


@dataclass(frozen=True)
class Outlook:
    """All that would happen, and all that would not."""

    wanted: Wanted
    successor: Organisation
    ends_predecessor: bool
    passing: tuple[Site, ...]
    closing: tuple[Site, ...]
    staying: tuple[Site, ...]
    ending: tuple[Standing, ...]
    rows: Counts
    """What passes over with the sites, by noun."""
    over: Counts
    """What ends with sites that close and with the predecessor."""
    kept: Counts
    """What stays the predecessor's although its site passes over."""
    accounts: int
    """Positions in the predecessor; they do not pass over."""
    lacks_provider_standing: bool
    """The predecessor is a listed provider and the successor is none: the sites would not count."""

    @property
    def digest(self) -> str:
        """The same for the same outlook: what was confirmed is what was seen."""
        said = (
            self.wanted.kind,
            self.successor.code,
            self.wanted.on,
            self.wanted.document,
            self.ends_predecessor,
            *(sorted(site.code for site in sites) for sites in (self.passing, self.closing, self.staying)),
            sorted(standing.number for standing in self.ending),
            [(str(label), count) for rows in (self.rows, self.over, self.kept) for label, count in rows],
            self.accounts,
            self.lacks_provider_standing,
        )
        return hashlib.sha256(repr(said).encode()).hexdigest()


def outlook_of(
    session: Session, predecessor: Organisation, wanted: Wanted, actor: Actor, today: date
) -> Outlook:
    """InvalidInput names the field that stands against it."""
    successor = successor_of(session, wanted.successor)
    _check_pair(session, predecessor, successor, actor)
    _check_day(predecessor, successor, wanted.on, today)
    ends = wanted.kind is SuccessionKind.MERGE or wanted.ends
    passing, closing, staying = _sorted_sites(predecessor, wanted, ends)
    _check_sites(session, (*passing, *closing), wanted.on)
    ending = tuple(one for one in predecessor.standings if ends and _is_held(one, wanted.on))
    _check_standings(ending, wanted.on)
    lists, prospect = StandingKind.PROVIDER, Prospect(wanted.on, successor.id)
    return Outlook(
        wanted=wanted,
        successor=successor,
        ends_predecessor=ends,
        passing=passing,
        closing=closing,
        staying=staying,
        ending=ending,
        rows=_counts(session, prospect, [(line, passing) for one in PASSINGS for line in one.counted]),
        over=_counts(session, prospect, [*_lost_lines(passing), *_ending_lines(predecessor, closing, ends)]),
        kept=_counts(session, prospect, [] if ends else [(one.counted, passing) for one in STAYINGS]),
        accounts=_accounts(session, predecessor, today),
        lacks_provider_standing=bool(passing)
        and any(one.kind is lists and _is_held(one, wanted.on) for one in predecessor.standings)
        and not any(one.kind is lists and _is_held(one, wanted.on) for one in successor.standings),
    )


def _counts(
    session: Session, prospect: Prospect, lines: Iterable[tuple[Counted, Sequence[Site | Organisation]]]
) -> Counts:
    found = (
        (line.label, sum(line.count(session, one.id, prospect) for one in places)) for line, places in lines
    )
    return tuple((label, count) for label, count in found if count)


def _lost_lines(passing: tuple[Site, ...]) -> list[tuple[Counted, Sequence[Site | Organisation]]]:
    """What ends although its site passes over."""
    return [(line, passing) for one in PASSINGS for line in one.lost]


def _ending_lines(
    predecessor: Organisation, closing: tuple[Site, ...], ends: bool
) -> list[tuple[Counted, Sequence[Site | Organisation]]]:
    """What ends with each site that closes, and what with the predecessor itself."""
    places: dict[Over, Sequence[Site | Organisation]] = {
        Over.SITE: closing,
        Over.ORGANISATION: (predecessor,) if ends else (),
    }
    return [(line, places[one.over]) for one in ENDINGS for line in one.counted]


def successor_of(session: Session, typed: str) -> Organisation:
    """By permanent number, credit code or public code; InvalidInput where there is none."""
    numbered = sa.select(Standing.organisation_id).where(Standing.number == typed)
    named = sa.or_(
        Organisation.uscc == typed.upper(), Organisation.code == typed, Organisation.id.in_(numbered)
    )
    found = session.scalars(sa.select(Organisation).where(named)).all()
    if len(found) == 1:
        return found[0]
    sentence = N_(
        "没有找到“%(typed)s”：请填承继单位的入库或建档编号、统一社会信用代码，未登记的请先导入登记。"
    )
    raise InvalidInput("successor", message(sentence, typed=typed[:40]))


def _check_pair(session: Session, predecessor: Organisation, successor: Organisation, actor: Actor) -> None:
    if predecessor.id == successor.id:
        raise InvalidInput("successor", message(N_("承继单位不能是它自己；只是更名的不属于承继。")))
    merged = merged_into(session)
    for organisation, field in ((predecessor, "kind"), (successor, "successor")):
        if organisation.id in merged:
            name, day = merged[organisation.id]
            sentence = N_("“%(own)s”已于%(day)s并入“%(name)s”，请改填承继单位，或先撤销那一项承继。")
            raise InvalidInput(
                field, message(sentence, own=organisation.name, day=day.isoformat(), name=name)
            )
    if comes_after(session, successor.id, predecessor.id):
        sentence = N_("“%(name)s”本身是由“%(other)s”承继而来的，不能再反过来并入它。")
        raise InvalidInput("successor", message(sentence, name=predecessor.name, other=successor.name))
    if not actor.answers_for(successor.division_code):
        sentence = N_("“%(name)s”不在您的管辖范围内，请由共同的上一级民政部门登记这项承继。")
        raise InvalidInput("successor", message(sentence, name=successor.name))


def _check_day(predecessor: Organisation, successor: Organisation, on: date, today: date) -> None:
    if on > today:
        raise InvalidInput("on", message(N_("承继日期晚于今天，请在生效之后登记。")))
    for organisation in (predecessor, successor):
        if organisation.opened_on is None or on >= organisation.opened_on:
            continue
        sentence = N_("承继日期早于“%(name)s”的成立日期%(day)s，请核对。")
        raise InvalidInput(
            "on", message(sentence, name=organisation.name, day=organisation.opened_on.isoformat())
        )
    if predecessor.opened_on == on:
        raise InvalidInput("on", message(N_("承继日期应晚于原单位的成立日期，请核对。")))
    for organisation, field in ((predecessor, "on"), (successor, "successor")):
        if organisation.closed_on is not None and organisation.closed_on <= on:
            sentence = N_("“%(name)s”已于%(day)s终止，请核对。")
            raise InvalidInput(
                field, message(sentence, name=organisation.name, day=organisation.closed_on.isoformat())
            )


def _sorted_sites(
    predecessor: Organisation, wanted: Wanted, ends: bool
) -> tuple[tuple[Site, ...], tuple[Site, ...], tuple[Site, ...]]:
    """What passes over, what closes because the predecessor ends, what stays with it."""
    open_then = open_sites(predecessor, wanted.on)
    unknown = wanted.sites - {site.code for site in open_then}
    if unknown:
        raise InvalidInput("sites", message(N_("选中的场所里有不属于原单位、或者当日已停用的，请重新选择。")))
    passing = tuple(site for site in open_then if site.code in wanted.sites)
    rest = tuple(site for site in open_then if site.code not in wanted.sites)
    return (passing, rest, ()) if ends else (passing, (), rest)


def open_sites(organisation: Organisation, on: date) -> tuple[Site, ...]:
    """Not closed on the day."""
    return tuple(site for site in organisation.sites if site.closed_on is None or site.closed_on > on)


def _check_sites(session: Session, sites: tuple[Site, ...], on: date) -> None:
    for site in sites:
        moved_on = max((placement.valid_from for placement in site.placements), default=date.min)
        if (site.opened_on is not None and site.opened_on >= on) or moved_on > on:
            sentence = N_("“%(name)s”在承继日期之后才启用或迁址，请核对承继日期。")
            raise InvalidInput("on", message(sentence, name=site.name))
    in_hand = sa.select(Site.name).join(AddressChange, AddressChange.site_id == Site.id)
    here = in_hand.where(Site.id.in_([site.id for site in sites]), AddressChange.state.in_(OPEN_CHANGES))
    name = session.scalar(here.limit(1))
    if name is not None:
        sentence = N_("“%(name)s”有未办结的地址变更，请先办结、撤回或放弃草稿。")
        raise InvalidInput("sites", message(sentence, name=name))


def _check_standings(ending: tuple[Standing, ...], on: date) -> None:
    for standing in ending:
        if standing.granted_on >= on:
            sentence = N_("编号%(number)s在承继日期之后才登记，请核对承继日期。")
            raise InvalidInput("on", message(sentence, number=standing.number))


def _is_held(standing: Standing, on: date) -> bool:
    return standing.ended_on is None or standing.ended_on > on


def _accounts(session: Session, organisation: Organisation, today: date) -> int:
    there = (
        sa.select(sa.func.count())
        .select_from(Position)
        .where(Position.organisation_id == organisation.id, held(today))
    )
    return session.scalar(there) or 0
