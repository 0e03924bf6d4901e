"""证书到期提醒 every night: the institution of whoever holds a certificate is told before its registration ends, and
once when it has ended.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.models import Role
from registry.certificates.queries import readers_in
from registry.clock import today
from registry.messages import N_
from registry.organisations.models import Organisation, Site
from registry.policy.queries import parameter_if_set
from registry.workflow.clocks import Due, closing
from registry.workflow.models import Todo
from registry.workflow.todos import set_due, todo_for
from registry.workflow_table import Desk, Subject
from registry.workforce.models import Certificate, CertificateKind, Post, Practitioner
from registry.workforce.words import WORDS

REMINDER_DAYS = "certificate.reminder_days"
"""Policy parameter: days before the end of a registration on which the institution is told."""
LATE_DAYS = "certificate.late_days"
"""Policy parameter: for so many days after the end the institution is still told of it, once."""

SUBJECT = "certificate"
NEAR = N_("证书登记将到期，请办理再登记")
LAPSED = N_("证书登记已到期")
FARTHEST = timedelta(days=366)

KINDS = {one: word.zh for one, word in WORDS if isinstance(one, CertificateKind)}
"""As a notice names the certificate: what it speaks of is data, in Chinese."""

Days = tuple[int, ...]


def remind_of_certificates(session: Session, *, on: date, at: datetime) -> int:
    """How many notices a night made; done twice, it makes none twice. The caller commits."""

    @cache
    def days_in(place: str) -> tuple[Days, int]:
        before = parameter_if_set(session, REMINDER_DAYS, place, on) or ()
        return tuple(sorted(map(int, before))), int(parameter_if_set(session, LATE_DAYS, place, on) or 0)

    made = 0
    _put_away(session, at)
    found = _ending(session, on)
    told = _told(session, [one.id for one in found])
    employers = {one.id: _institutions(one, on) for one in found}
    readers = readers_in(session, [one.id for some in employers.values() for one in some], on)
    for certificate in found:
        for organisation in employers[certificate.id]:
            before, late = days_in(organisation.division_code)
            title = due_title(certificate, before, late, on, told.get((certificate.id, organisation.id), ()))
            if title is not None:
                desk = Desk(
                    readers.get(organisation.id, Role.PROVIDER), organisation.division_code, organisation.id
                )
                _leave(session, certificate, desk, title, at)
                made += 1
    session.flush()
    return made


def due_title(
    certificate: Certificate, before: Days, late: int, on: date, told: Iterable[tuple[str, date]]
) -> str | None:
    """What is to be said today and was not said yet; `told` holds what was said on which day."""
    if certificate.valid_to is None:
        return None
    left = (certificate.valid_to - on).days
    if left <= 0:
        was_said = any(title == LAPSED and day >= certificate.valid_to for title, day in told)
        return None if was_said or -left > late else LAPSED
    reached = next((days for days in before if left <= days), None)
    if reached is None:
        return None
    since = certificate.valid_to - timedelta(days=reached)
    return None if any(title == NEAR and day >= since for title, day in told) else NEAR


def _ending(session: Session, on: date) -> list[Certificate]:
    """Over within a year, or over since less than a year, of people in post."""
    in_post = sa.select(Post.practitioner_id).where(
        Post.start_on <= on, sa.or_(Post.end_on.is_(None), Post.end_on > on)
    )
    found = sa.select(Certificate).where(
        Certificate.valid_to.between(on - FARTHEST, on + FARTHEST), Certificate.practitioner_id.in_(in_post)
    )
    holder = joinedload(Certificate.practitioner)
    posts = holder.selectinload(Practitioner.posts).joinedload(Post.site).joinedload(Site.organisation)
    return list(session.scalars(found.options(posts).order_by(Certificate.id)))


def _institutions(certificate: Certificate, on: date) -> list[Organisation]:
    """Where the holder has a post on the day, each once."""
    held = [
        post.site.organisation
        for post in certificate.practitioner.posts
        if post.start_on <= on and (post.end_on is None or post.end_on > on)
    ]
    return list(dict.fromkeys(held))


def _told(session: Session, ids: list[int]) -> dict[tuple[int, int], list[tuple[str, date]]]:
    """By certificate and institution, what was said on which day, read since or not."""
    rows = session.execute(
        sa.select(Todo.subject_id, Todo.organisation_id, Todo.title, Todo.opened_at).where(
            Todo.subject_type == SUBJECT, Todo.subject_id.in_(ids)
        )
    )
    found: dict[tuple[int, int], list[tuple[str, date]]] = {}
    for key, organisation_id, title, opened_at in rows:
        if organisation_id is not None:
            found.setdefault((key, organisation_id), []).append((title, today(opened_at)))
    return found


def _put_away(session: Session, at: datetime) -> None:
    """Unread notices of an end that is not the registration's any more: it was renewed, or put right."""
    notices = sa.select(Todo, Certificate.valid_to).join(Certificate, Certificate.id == Todo.subject_id)
    for notice, ends in session.execute(
        notices.where(Todo.subject_type == SUBJECT, Todo.closed_at.is_(None))
    ):
        if ends is None or notice.due_on != ends - timedelta(days=1):
            notice.closed_at = at


def _leave(session: Session, certificate: Certificate, desk: Desk, title: str, at: datetime) -> None:
    """One notice on a desk of the institution; an older unread one about the same certificate makes room for it."""
    about = (Todo.subject_type == SUBJECT, Todo.subject_id == certificate.id)
    older = (*about, Todo.organisation_id == desk.organisation_id, Todo.closed_at.is_(None))
    session.execute(sa.update(Todo).where(*older).values(closed_at=at))
    notice = todo_for(_subject(certificate), desk, title, asked_by="", at=at)
    notice.is_notice = True
    if certificate.valid_to is not None:
        last_day = certificate.valid_to - timedelta(days=1)
        set_due(notice, Due(last_day, closing(session, desk.division_code, last_day), is_estimated=False))
    session.add(notice)


def _subject(certificate: Certificate) -> Subject:
    """The holder, whom the notice leads to; his institution knows him by name."""
    holder = certificate.practitioner
    return Subject(SUBJECT, certificate.id, holder.code, f"{holder.name} {KINDS[certificate.kind]}")
