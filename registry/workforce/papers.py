"""Posts, certificates and courses written by hand: entered once, put right against the version that was read."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.rules import authorize
from registry.actions import Action, Deed
from registry.errors import InvalidInput
from registry.messages import N_, Message, message
from registry.organisations.models import Site
from registry.parsing import MOST_HOURS
from registry.periods import Period
from registry.turns import take_turns
from registry.workforce.certificate_days import DayFault, faults_of_days
from registry.workforce.models import (
    Certificate,
    CertificateKind,
    Engagement,
    Post,
    Practitioner,
    Profession,
    Training,
)
from registry.workforce.registration import registration_terms
from registry.workforce.renewing import latest_after, not_after
from registry.workforce.writing import BY_HAND, Hand, note, plain, refuse_former_employer, refuse_stale, touch

WORKING_AGE = 16
"""Labour law, article 15: nobody is employed below it."""


@dataclass(frozen=True)
class Held:
    """What is typed of a post."""

    site: Site
    profession: Profession
    engagement: Engagement
    serves_programme: bool
    direct_service: bool
    start_on: date
    end_on: date | None = None


@dataclass(frozen=True)
class Certified:
    """What is typed of a certificate."""

    kind: CertificateKind
    grade: str
    number: str
    issued_on: date
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Attended:
    """What is typed of a course."""

    held_on: date
    hours: Decimal
    subject: str
    organiser: str
    proof_no: str | None
    is_rehabilitation: bool
    is_continuing: bool


Facts = Held | Certified | Attended
Row = Post | Certificate | Training


@dataclass(frozen=True)
class Kind:
    """How one kind of row is known, judged and named in the trail."""

    model: Any
    """The mapped class of a `Row`."""
    key: tuple[str, ...]
    twin_field: str
    twin: Message
    faults: Callable[[Session, Practitioner, Any, Any, date], Iterator[InvalidInput]]
    added: Deed
    changed: Deed


def enter(session: Session, person: Practitioner, facts: Facts, hand: Hand) -> Row:
    """A new row; where the very same is there already, that one is given back: a double click enters it once."""
    kind = KINDS[type(facts)]
    _let_in(hand, person, facts)
    take_turns(session, person)
    earlier = _twin(session, kind, person, facts)
    if earlier is not None and _says_the_same(earlier, person, facts):
        return earlier
    _refuse(session, kind, person, facts, None, hand)
    row: Row = kind.model(practitioner_id=person.id, **_columns(facts))
    session.add(row)
    _close(session, person, hand, kind.added, {"after": _told(facts)})
    return row


def put_right(
    session: Session, person: Practitioner, row: Row, facts: Facts, *, version: int, hand: Hand
) -> None:
    """`version` is the record's that the form was filled in against; what says the same already is left alone."""
    kind = KINDS[type(facts)]
    _let_in(hand, person, facts)
    take_turns(session, person, row)
    if _says_the_same(row, person, facts):
        return
    refuse_stale(person, version)
    _refuse(session, kind, person, facts, row, hand)
    after = _columns(facts)
    before = {name: getattr(row, name) for name in after}
    if isinstance(row, Certificate) and isinstance(facts, Certified):
        after |= _registered(session, row, facts, hand)
    for name, value in after.items():
        setattr(row, name, value)
    changed = {name for name, value in before.items() if getattr(row, name) != value}
    told = {"before": before, "after": after}
    _close(
        session,
        person,
        hand,
        kind.changed,
        {when: plain({name: said[name] for name in sorted(changed)}) for when, said in told.items()},
    )


def _registered(session: Session, own: Certificate, said: Certified, hand: Hand) -> dict[str, Any]:
    """A renewal leaves the registration that it renews as it was."""
    told, terms = Period(said.valid_from, said.valid_to), registration_terms(session)
    latest = latest_after(own, told, terms, source=BY_HAND, at=hand.at)
    return {"valid_from": latest.start, "valid_to": latest.end}


def _let_in(hand: Hand, person: Practitioner, facts: Facts) -> None:
    """A post is written by whoever answers for its place, the rest by whoever keeps the person."""
    if isinstance(facts, Held):
        authorize(hand.actor, Action.PRACTITIONER_RECORD, facts.site, see=Action.SITE_SEE)
    else:
        authorize(hand.actor, Action.PRACTITIONER_RECORD, person, see=Action.PRACTITIONER_SEE)
        refuse_former_employer(hand.actor, person, hand.on)


def _close(session: Session, person: Practitioner, hand: Hand, deed: Deed, facts: dict[str, Any]) -> None:
    touch(session, person, hand.at)
    session.expire(person, ["posts", "certificates", "training"])
    note(session, person, deed, hand, facts)


def _columns(facts: Facts) -> dict[str, Any]:
    if isinstance(facts, Held):
        said = {name: value for name, value in vars(facts).items() if name != "site"}
        return said | {"site_id": facts.site.id}
    return asdict(facts)


def _told(facts: Facts) -> dict[str, Any]:
    """As the trail keeps it: a site by its code."""
    said = _columns(facts)
    if isinstance(facts, Held):
        said["site"] = facts.site.code
        del said["site_id"]
    return plain(said)


def _says_the_same(row: Row, person: Practitioner, facts: Facts) -> bool:
    is_his = row.practitioner_id == person.id
    return is_his and all(getattr(row, name) == value for name, value in _columns(facts).items())


def _twin(session: Session, kind: Kind, person: Practitioner, facts: Facts) -> Row | None:
    """The row that goes by the same key; a certificate's number is nobody else's either."""
    said, model = _columns(facts), kind.model
    is_it = [getattr(model, name) == said[name] for name in kind.key]
    if model is not Certificate:
        is_it.append(model.practitioner_id == person.id)
    found: Row | None = session.scalar(sa.select(model).where(*is_it).limit(1))
    return found


def _refuse(
    session: Session, kind: Kind, person: Practitioner, facts: Facts, own: Row | None, hand: Hand
) -> None:
    twin = _twin(session, kind, person, facts)
    if twin is not None and twin is not own:
        raise InvalidInput(kind.twin_field, kind.twin)
    for fault in kind.faults(session, person, facts, own, hand.on):
        raise fault


def _faults_of_post(
    session: Session, person: Practitioner, held: Held, own: Post | None, _today: date
) -> Iterator[InvalidInput]:
    if held.end_on is not None and held.end_on <= held.start_on:
        yield InvalidInput("end_on", message(N_("离任日期不晚于任职日期，请核对；仍在任的留空。")))
    if held.start_on.year - person.birth_year < WORKING_AGE:
        text = N_("任职时不满%(age)s周岁，请核对任职日期和出生年份。")
        yield InvalidInput("start_on", message(text, age=WORKING_AGE))
    opened, closed = held.site.opened_on, held.site.closed_on
    if opened is not None and held.start_on < opened:
        text = N_("任职日期早于场所的开业日期%(day)s，请核对。")
        yield InvalidInput("start_on", message(text, day=opened.isoformat()))
    if closed is not None and held.start_on >= closed:
        text = N_("场所自%(day)s起停用，请核对任职日期或另选场所。")
        yield InvalidInput("start_on", message(text, day=closed.isoformat()))
    if _overlaps(session, person, held, own):
        text = N_("与已登记的任职重叠：同一人在同一机构同时只有一段任职。请先办理原任职的离任。")
        yield InvalidInput("start_on", message(text))


def _overlaps(session: Session, person: Practitioner, held: Held, own: Post | None) -> bool:
    """A person is at one institution once at a time, whatever the site and the profession."""
    there = (
        sa.select(Post)
        .join(Site, Site.id == Post.site_id)
        .where(Post.practitioner_id == person.id, Site.organisation_id == held.site.organisation_id)
    )
    for post in session.scalars(there):
        shared = Period.common((post.start_on, held.start_on), (post.end_on, held.end_on))
        is_empty = shared.start is not None and shared.end is not None and shared.start >= shared.end
        if post is not own and not is_empty:
            return True
    return False


_SAID_OF_DAYS = {
    DayFault.ISSUED_LATER: message(N_("发证日期在今天之后，请对照证书核对。")),
    DayFault.NO_START: message(N_("填了登记有效期止，请一并填写登记有效期起。")),
    DayFault.NO_END: message(N_("填了登记有效期起，请一并填写登记有效期止。")),
    DayFault.BEFORE_ISSUE: message(N_("登记有效期起早于发证日期，请对照证书核对。")),
    DayFault.ENDS_FIRST: message(N_("登记有效期止不晚于起日，请对照证书核对。")),
}


def _faults_of_certificate(
    session: Session, _person: Practitioner, said: Certified, own: Certificate | None, today: date
) -> Iterator[InvalidInput]:
    registered = Period(said.valid_from, said.valid_to)
    for fault in faults_of_days(said.kind, said.issued_on, registered, today=today):
        yield InvalidInput(fault.column, _SAID_OF_DAYS[fault])
    if own is not None and own.earlier and said.valid_from is not None:
        before = own.earlier[-1].period
        if not registration_terms(session).renews(said.kind, before, said.valid_from):
            yield InvalidInput("valid_from", not_after(before))


def _faults_of_course(
    _session: Session, _person: Practitioner, said: Attended, _own: Training | None, today: date
) -> Iterator[InvalidInput]:
    if said.held_on > today:
        yield InvalidInput("held_on", message(N_("培训结束日期在今天之后，结束后再登记。")))
    if not 0 < said.hours <= MOST_HOURS:
        text = N_("学时应大于0，不超过%(most)s，请对照证明核对。")
        yield InvalidInput("hours", message(text, most=MOST_HOURS))
    if said.hours != round(said.hours, 1):
        yield InvalidInput("hours", message(N_("学时最多一位小数，如7.5。")))
    if not (said.is_rehabilitation or said.is_continuing):
        text = N_("请至少选一项：康复培训、继续教育；两项都不是的不用登记。")
        yield InvalidInput("is_rehabilitation", message(text))


KINDS: dict[type[Facts], Kind] = {
    Held: Kind(
        Post,
        ("site_id", "profession", "start_on"),
        "start_on",
        message(N_("已登记这一场所同一岗位同一天起的任职。要更正的，请打开那一条。")),
        _faults_of_post,
        Deed.POST_ADD,
        Deed.POST_CHANGE,
    ),
    Certified: Kind(
        Certificate,
        ("kind", "number"),
        "number",
        message(N_("这个证书编号已经登记，请对照证书核对；要更正的，请打开那一条。")),
        _faults_of_certificate,
        Deed.CERTIFICATE_ADD,
        Deed.CERTIFICATE_CHANGE,
    ),
    Attended: Kind(
        Training,
        ("held_on", "subject"),
        "subject",
        message(N_("已登记同一天结束的同名培训。要更正的，请打开那一条。")),
        _faults_of_course,
        Deed.TRAINING_ADD,
        Deed.TRAINING_CHANGE,
    ),
}
