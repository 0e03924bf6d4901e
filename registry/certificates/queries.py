"""即将到期的证书: one row per certificate, the institutions whose people hold them, and the reminders sent."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from registry.access.actors import Actor
from registry.access.models import Position, Role
from registry.access.positions import held
from registry.access.rules import readable
from registry.actions import Action
from registry.certificates.models import CertificateReminder, Ending, ReminderReceiver
from registry.divisions.codes import within
from registry.listing import ON, Batch, Column, Filter, Listing, code_value, enum_filter, text_value
from registry.messages import N_
from registry.organisations.models import Organisation, Site
from registry.workforce.models import Certificate, CertificateKind, Post, Practitioner

IS_HELD = sa.and_(Post.start_on <= ON, sa.or_(Post.end_on.is_(None), Post.end_on > ON))
"""The holder's post is held on the day of the list."""

WHOLE = (
    joinedload(CertificateReminder.sent_by),
    selectinload(CertificateReminder.receivers).options(
        joinedload(ReminderReceiver.organisation), joinedload(ReminderReceiver.todo)
    ),
)
"""What the page of a reminder names."""


@dataclass(frozen=True)
class Concerned:
    """One institution with certificates on the list."""

    id: int
    code: str
    name: str
    division_code: str
    certificates: int
    reader: Role | None
    """The position in which somebody of it reads notices: a provider's, or else a station's; None where nobody does."""
    reminded_at: datetime | None
    """When a reminder was last sent to it."""


def ends(ending: Ending, on: date) -> ColumnElement[bool]:
    """The condition on a certificate, seen from a day."""
    if ending is Ending.EXPIRED:
        return Certificate.valid_to <= on
    last = on + timedelta(days=int(ending.value))
    return sa.and_(Certificate.valid_to > on, Certificate.valid_to <= last)


def _holding(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The holder has a post on the day of which this is so."""
    posts = sa.select(Post.practitioner_id).join(Site, Site.id == Post.site_id).where(IS_HELD, *conditions)
    return Certificate.practitioner_id.in_(posts)


def _at_organisation(code: str) -> ColumnElement[bool]:
    chosen = sa.select(Organisation.id).where(Organisation.code == code).scalar_subquery()
    return _holding(Site.organisation_id == chosen)


def _at_organisation_named(text: str) -> ColumnElement[bool]:
    chosen = sa.select(Organisation.id).where(Organisation.name.icontains(text, autoescape=True))
    return _holding(Site.organisation_id.in_(chosen))


def _of_holder(column: Any) -> ColumnElement[Any]:
    return (
        sa.select(column)
        .where(Practitioner.id == Certificate.practitioner_id)
        .correlate(Certificate)
        .scalar_subquery()
    )


def load_standing(session: Session, ids: Sequence[int], on: date) -> dict[int, tuple[Any, ...]]:
    """The institutions of the holder on the day, and how many days are left: below one, it is over."""
    rows = sa.select(Certificate.id, Certificate.valid_to).where(Certificate.id.in_(ids))
    left = {key: (valid_to - on).days if valid_to else None for key, valid_to in session.execute(rows)}
    names = _institutions(session, ids, on)
    return {key: (tuple(dict.fromkeys(names[key])), left[key]) for key in ids}


def _institutions(session: Session, ids: Sequence[int], on: date) -> dict[int, list[str]]:
    posts = (
        sa.select(Certificate.id, Organisation.name)
        .join(Post, Post.practitioner_id == Certificate.practitioner_id)
        .join(Site, Site.id == Post.site_id)
        .join(Organisation, Organisation.id == Site.organisation_id)
        .where(Certificate.id.in_(ids), IS_HELD)
        .order_by(Certificate.id, Post.start_on, Post.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for key, name in session.execute(posts, {"on": on}):
        found[key].append(name)
    return found


CERTIFICATES = Listing(
    key="certificates",
    model=Certificate,
    columns=(
        Column("code", N_("编号"), _of_holder(Practitioner.code), is_exported=False),
        Column("person_no", N_("人员编号"), _of_holder(Practitioner.person_no)),
        Column("name", N_("姓名"), _of_holder(Practitioner.name)),
        Column("kind", N_("证书"), Certificate.kind, order=(Certificate.kind, Certificate.valid_to)),
        Column("grade", N_("等级"), Certificate.grade),
        Column("number", N_("证书编号"), Certificate.number),
        Column("valid_to", N_("到期日（不含当日）"), Certificate.valid_to, order=(Certificate.valid_to,)),
    ),
    filters=(
        Filter(
            "division",
            N_("区划"),
            parse=code_value,
            clause=lambda code, _on: _holding(within(Site.division_code, code)),
        ),
        Filter("ends", N_("到期情况"), parse=Ending, clause=ends, choices=tuple(Ending)),
        enum_filter("kind", N_("证书"), Certificate.kind, CertificateKind),
        Filter(
            "organisation", N_("机构编号"), parse=text_value, clause=lambda code, _on: _at_organisation(code)
        ),
        Filter("q", N_("机构名称"), parse=text_value, clause=lambda text, _on: _at_organisation_named(text)),
    ),
    batches=(Batch((("institutions", N_("任职机构")), ("days_left", N_("剩余天数"))), load_standing),),
    default_sort="valid_to",
)
"""Of people in post; nobody is looked for by name: a name has no place in an address."""


def concerned(session: Session, actor: Actor, division: str, ending: Ending, on: date) -> list[Concerned]:
    """The institutions in a division whose people in post have certificates on the list, most of them first."""
    count = sa.func.count(Certificate.id.distinct())
    rows = (
        sa.select(Organisation.id, Organisation.code, Organisation.name, Organisation.division_code, count)
        .join(Site, Site.organisation_id == Organisation.id)
        .join(Post, Post.site_id == Site.id)
        .join(Certificate, Certificate.practitioner_id == Post.practitioner_id)
        .where(IS_HELD, within(Site.division_code, division), ends(ending, on))
        .where(readable(Certificate, actor, Action.PRACTITIONER_SEE))
        .group_by(Organisation.id, Organisation.code, Organisation.name, Organisation.division_code)
        .order_by(count.desc(), Organisation.name, Organisation.id)
    )
    found = session.execute(rows, {"on": on}).all()
    readers, reminded = readers_in(session, [row.id for row in found], on), _last_reminded(session)
    return [Concerned(*row, readers.get(row.id), reminded.get(row.id)) for row in found]


def reminders(session: Session, actor: Actor) -> list[CertificateReminder]:
    """The reminders that the actor may know of, the newest first."""
    seen = readable(CertificateReminder, actor, Action.CERTIFICATE_REMINDER_SEE)
    found = sa.select(CertificateReminder).where(seen).options(*WHOLE)
    return list(session.scalars(found.order_by(CertificateReminder.id.desc()).limit(MOST_LISTED)))


MOST_LISTED = 200


def reminder_by_id(session: Session, key: int) -> CertificateReminder | None:
    """One reminder by its integer key, which the history holds."""
    return session.scalar(sa.select(CertificateReminder).where(CertificateReminder.id == key).options(*WHOLE))


def readers_in(session: Session, organisations: Sequence[int], on: date) -> dict[int, Role]:
    """Who reads the notices of these organisations on a day; one without an account is not there."""
    positions = sa.select(Position.organisation_id, Position.role).where(
        held(on),
        Position.organisation_id.in_(organisations),
        Position.role.in_((Role.PROVIDER, Role.STATION)),
    )
    found: dict[int, Role] = {}
    for key, role in session.execute(positions):
        if key is not None and found.get(key) is not Role.PROVIDER:
            found[key] = role
    return found


def _last_reminded(session: Session) -> dict[int, datetime]:
    sent = (
        sa.select(ReminderReceiver.organisation_id, sa.func.max(CertificateReminder.sent_at))
        .join(CertificateReminder)
        .where(ReminderReceiver.todo_id.is_not(None))
        .group_by(ReminderReceiver.organisation_id)
    )
    return {row[0]: row[1] for row in session.execute(sent)}
