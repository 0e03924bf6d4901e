"""What changed between two days, person by person; the changes add up exactly to the difference of the readings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from registry.errors import InvalidInput
from registry.messages import N_, Message, message
from registry.periods import Period
from registry.workforce.counting import Place
from registry.workforce.models import Profession
from registry.workforce.records import Employer, Person, Spell, spells_in
from reports.figures.definitions import CountingRule, FigureDefinition
from reports.figures.explaining import Explain, explainer
from reports.figures.presence import Presences, Stay, presences, stretch_around
from reports.figures.trend import FIRST_MONTH


class ChangeKind(StrEnum):
    """What became of somebody in a reading."""

    FIRST = "first"
    """In the numerator for the first time."""
    GAINED = "gained"
    """In the numerator again."""
    LOST = "lost"
    """Out of the numerator, and still staff."""
    JOINED = "joined"
    LEFT = "left"
    MOVED = "moved"
    """From one institution of the place to another: no number changes."""


@dataclass(frozen=True)
class Change:
    """One person; the two numbers are what he adds to the later reading."""

    person: Person
    employer: Employer
    """Where he works now; of who left, where he worked."""
    professions: tuple[Profession, ...]
    kind: ChangeKind
    on: date
    numerator: int
    denominator: int
    reason: Message
    """What happened on the day."""
    standing: Message | None
    """Whether he holds what the figure asks for, and why; None where the reason says so."""


@dataclass(frozen=True)
class Sum:
    """All the changes of one kind."""

    kind: ChangeKind
    people: int
    numerator: int
    denominator: int


def changes(
    session: Session,
    figure: FigureDefinition,
    *,
    place: Place,
    since: date,
    on: date,
    rule: CountingRule,
) -> list[Change]:
    """Who counts otherwise at the end of `on` than at the end of `since`, by kind, institution and number."""
    spells = _by_person(spells_in(session, place, since=since))
    turns = _Turns(
        since,
        on,
        presences(session, figure, place=place, rule=rule),
        explainer(session, figure, place, on),
    )
    found = [change for one in spells.values() if (change := turns.of(one)) is not None]
    return sorted(found, key=_reading_order)


def sums_of(found: Iterable[Change]) -> list[Sum]:
    """Each kind with what it adds; kinds that nobody is of are left out."""
    of_kind: defaultdict[ChangeKind, list[Change]] = defaultdict(list)
    for one in found:
        of_kind[one.kind].append(one)
    return [
        Sum(
            kind,
            len(of_kind[kind]),
            sum(one.numerator for one in of_kind[kind]),
            sum(one.denominator for one in of_kind[kind]),
        )
        for kind in ChangeKind
        if kind in of_kind
    ]


def end_of_last_month(on: date) -> date:
    """The day against which a figure tells its change of the month."""
    return on.replace(day=1) - timedelta(days=1)


def refuse_wrong_span(since: date, on: date) -> None:
    """InvalidInput unless the first day lies before the second and the register kept histories by then."""
    if since < FIRST_MONTH:
        sentence = N_("登记数据自%(first)s起才有历史记录，请把比较起点改为该日或之后的日期。")
        raise InvalidInput("since", message(sentence, first=FIRST_MONTH.isoformat()))
    if since >= on:
        sentence = N_("比较起点%(since)s不早于统计日期%(on)s，请改为更早的日期。")
        raise InvalidInput("since", message(sentence, since=since.isoformat(), on=on.isoformat()))


class _Turns:
    """What became of one person after another between two days."""

    def __init__(self, since: date, on: date, presence: Presences, explain: Explain) -> None:
        self.since = since
        self.on = on
        self.presence = presence
        self.explain = explain

    def of(self, spells: Sequence[Spell]) -> Change | None:
        stays = self.presence.stays(spells)
        before, now = _on(stays, self.since), _on(stays, self.on)
        if before and now:
            return self._of_staff(before, now)
        if now:
            return self._joined(stays, now)
        return self._left(stays, before) if before else None

    def _joined(self, stays: Sequence[Stay], now: Sequence[Stay]) -> Change:
        stretch = stretch_around((one.period for one in stays), self.on) or now[0].period
        begun = stretch.start or self.since
        first = next((one for one in now if one.period.start == begun), now[0])
        person_id = first.spell.person.id
        return _change(
            now,
            first.spell,
            ChangeKind.JOINED,
            begun,
            (int(self.presence.is_holder(person_id, self.on)), 1),
            _beginning(stays, begun),
            self.explain(person_id),
        )

    def _left(self, stays: Sequence[Stay], before: Sequence[Stay]) -> Change:
        stretch = stretch_around((one.period for one in stays), self.since) or before[0].period
        ended = stretch.end or self.on
        last = next((one for one in before if one.period.end == ended), before[0])
        was_holder = self.presence.is_holder(last.spell.person.id, self.since)
        return _change(
            before, last.spell, ChangeKind.LEFT, ended, (-int(was_holder), -1), _ending(stays, ended), None
        )

    def _of_staff(self, before: Sequence[Stay], now: Sequence[Stay]) -> Change | None:
        spell, person_id = now[0].spell, now[0].spell.person.id
        was, is_one = (self.presence.is_holder(person_id, day) for day in (self.since, self.on))
        held = self.presence.holdings.get(person_id, ())
        if is_one and not was:
            begun = _start_of(stretch_around(held, self.on), self.since)
            is_first = not any(one.start is None or one.start < begun for one in held)
            kind = ChangeKind.FIRST if is_first else ChangeKind.GAINED
            return _change(now, spell, kind, begun, (1, 0), self.explain(person_id), None)
        if was and not is_one:
            stretch = stretch_around(held, self.since)
            ended = stretch.end if stretch and stretch.end else self.on
            return _change(now, spell, ChangeKind.LOST, ended, (-1, 0), self.explain(person_id), None)
        return _moved(before, now)


def _moved(before: Sequence[Stay], now: Sequence[Stay]) -> Change | None:
    """Somebody who works for none of the institutions for which he worked."""
    former = {one.spell.employer.id for one in before}
    if former & {one.spell.employer.id for one in now}:
        return None
    first = min(now, key=lambda one: one.period.start or date.min)
    places = {"before": before[0].spell.employer.name, "now": first.spell.employer.name}
    reason = message(N_("由“%(before)s”转到“%(now)s”。"), **places)
    begun = first.period.start or date.min
    return _change(now, first.spell, ChangeKind.MOVED, begun, (0, 0), reason, None)


def _change(
    stays: Sequence[Stay],
    spell: Spell,
    kind: ChangeKind,
    on: date,
    counts: tuple[int, int],
    reason: Message,
    standing: Message | None,
) -> Change:
    own = [one.spell for one in stays if one.spell.employer.id == spell.employer.id]
    return Change(
        person=spell.person,
        employer=spell.employer,
        professions=tuple(dict.fromkeys(one.profession for one in own)),
        kind=kind,
        on=on,
        numerator=counts[0],
        denominator=counts[1],
        reason=reason,
        standing=standing,
    )


def _beginning(stays: Iterable[Stay], day: date) -> Message:
    """What began on the day on which somebody became staff."""
    spells = [one.spell for one in stays if one.period.start == day]
    if any(one.post.start == day for one in spells):
        return message(N_("%(day)s到岗。"), day=day.isoformat())
    if any(one.standing.start == day for one in spells):
        return message(N_("机构于%(day)s入库。"), day=day.isoformat())
    if any(one.placement.start == day for one in spells):
        return message(N_("服务场所于%(day)s迁入。"), day=day.isoformat())
    return message(N_("%(day)s起符合分母条件。"), day=day.isoformat())


def _ending(stays: Iterable[Stay], day: date) -> Message:
    """What ended on the day on which somebody was no longer staff."""
    spells = [one.spell for one in stays if one.period.end == day]
    if any(one.post.end == day for one in spells):
        return message(N_("任职已于%(day)s结束。"), day=day.isoformat())
    if any(one.standing.end == day for one in spells):
        return message(N_("机构已于%(day)s退出机构库。"), day=day.isoformat())
    if any(one.placement.end == day for one in spells):
        return message(N_("服务场所已于%(day)s迁出。"), day=day.isoformat())
    return message(N_("%(day)s起不再符合分母条件。"), day=day.isoformat())


def _start_of(stretch: Period | None, otherwise: date) -> date:
    return stretch.start if stretch and stretch.start else otherwise


def _on(stays: Iterable[Stay], day: date) -> list[Stay]:
    return [one for one in stays if one.period.holds_on(day)]


def _by_person(spells: Iterable[Spell]) -> Mapping[int, Sequence[Spell]]:
    found: defaultdict[int, list[Spell]] = defaultdict(list)
    for one in spells:
        found[one.person.id].append(one)
    return found


ORDER = {kind: rank for rank, kind in enumerate(ChangeKind)}


def _reading_order(one: Change) -> tuple[int, str, int, str]:
    return ORDER[one.kind], one.employer.name, one.employer.id, one.person.person_no
