"""One practitioner: posts, education, certificates, and what they make of the two figures today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, make_response
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, selectinload

from portal.extensions import db
from portal.figures.speaking import say
from portal.formatting import moment
from portal.htmx import render_page
from portal.security import allowed, current_actor
from portal.sights import record_sight
from portal.workforce.sealed import SealedLine, sealed_lines
from registry.access.actors import Actor
from registry.access.masks import Field, Mask, certificate_number, mask_of, staff_name
from registry.actions import Action
from registry.clock import today, utc_now
from registry.messages import Message
from registry.organisations.models import Site
from registry.periods import Period
from registry.workforce.merging import former_numbers_of
from registry.workforce.models import (
    Certificate,
    CertificateKind,
    Post,
    Practitioner,
    Verification,
)
from registry.workforce.records import majors_by_code
from registry.workforce.registration import Registered, Registration, registration_of, registration_rules
from registry.workforce.scopes import newest_post, place_of_person
from registry.workforce.training import Hours, continuing_standing, works_directly, year_standing
from registry.workforce.verifying import reasons_of
from registry.workforce.withdrawing import withdrawn_of
from registry.workforce.withdrawn import WithdrawnRow
from registry.workforce.writing import is_former_employer
from reports.figures.reasons import certificate_reason, diploma_reason

bp = Blueprint("practitioners", __name__, url_prefix="/workforce")

RECORD = (
    selectinload(Practitioner.education),
    selectinload(Practitioner.certificates).selectinload(Certificate.earlier),
    selectinload(Practitioner.training),
    selectinload(Practitioner.posts).joinedload(Post.site).joinedload(Site.organisation),
)


STATES = {Verification.VERIFIED: "done", Verification.PENDING: "waiting", Verification.REJECTED: "wrong"}
REGISTRATIONS = {
    Registration.DUE: "waiting",
    Registration.MISSED: "late",
    Registration.NOT_YET: "draft",
    Registration.VALID: "done",
    Registration.RENEWAL: "active",
    Registration.EXPIRED: "late",
}
FIELDS_SEEN = ("name", "birth_year", "posts", "education", "certificates", "training")
"""What the page shows of a person, as the trail names it."""


@dataclass(frozen=True)
class CertificateLine:
    """One certificate, how its registration stands, and the hours of continuing education in it."""

    certificate: Certificate
    registered: Registered | None
    hours: Hours | None

    @property
    def kind(self) -> str:
        """The shape and colour beside the word of the state."""
        return REGISTRATIONS[self.registered.state] if self.registered else "draft"


@dataclass(frozen=True)
class PersonPage:
    """What the page shows; `name` as the reader may know it."""

    person: Practitioner
    reader: Actor
    name: str | None
    birth_year: int | None
    today: date
    posts: tuple[Post, ...]
    """The newest first; an organisation sees those at its own places."""
    has_posts_elsewhere: bool
    diploma: Message
    certificate: Message
    reasons: Mapping[int, str]
    """Why a diploma was rejected, by its key."""
    papers: tuple[CertificateLine, ...]
    is_direct: bool
    """Works with the people served: only then hours are asked."""
    hours: Hours | None
    """Of this calendar year."""
    has_left: bool
    """The reader's institution, which then writes no papers of his any more."""
    sealed: tuple[SealedLine, ...]
    """Identity number and phone; empty where the reader may see neither."""
    withdrawn: tuple[WithdrawnRow, ...]
    """Rows that were entered in error, the newest first; of posts, an organisation sees its own."""
    former_numbers: tuple[str, ...]
    """By which the person was known before a merge."""
    watermark: str
    """Who reads and when, as long as something is shown whole on request; empty otherwise."""

    @property
    def hidden_again(self) -> datetime | None:
        """When the first of what is shown on request is to be hidden."""
        return min((line.until for line in self.sealed if line.until), default=None)

    def number_of(self, certificate: Certificate) -> str | None:
        """The certificate's number as the reader may know it."""
        return certificate_number(self.reader, certificate.number)

    def is_held(self, post: Post) -> bool:
        """Whether the post is held today."""
        return Period(post.start_on, post.end_on).holds_on(self.today)


@bp.get("/<code:practitioner>")
@allowed(Action.PRACTITIONER_SEE, on=Practitioner, load=RECORD)
def show(practitioner: Practitioner) -> ResponseReturnValue:
    at = utc_now()
    view = person_page(db.session(), practitioner, actor=current_actor(), at=at)
    answer = make_response(render_page("workforce/person.html", view=view, say=say))
    if view.hidden_again:
        # The browser asks again when the time is over, with or without scripts.
        answer.headers["Refresh"] = str(int((view.hidden_again - at).total_seconds()) + 1)
    record_sight(
        Action.PRACTITIONER_SEE,
        subject_type="practitioner",
        subject_code=practitioner.code,
        division_code=place_of(practitioner),
        facts={"fields": list(FIELDS_SEEN), "name": mask_of(current_actor(), Field.STAFF_NAME).value},
    )
    return answer


def place_of(person: Practitioner) -> str:
    """Where the post lies that answers for the person, for who looks up what was seen; the reader's own without one."""
    newest = newest_post(person)
    return newest.site.division_code if newest else current_actor().division_code


def person_page(session: Session, person: Practitioner, *, actor: Actor, at: datetime) -> PersonPage:
    """The birth year is shown to whoever sees the whole name."""
    on = today(at)
    sealed = tuple(sealed_lines(session, person, actor, at))
    certificates = [one for one in person.certificates if one.kind is CertificateKind.SOCIAL_WORKER]
    return PersonPage(
        person=person,
        reader=actor,
        name=staff_name(actor, person.name),
        birth_year=person.birth_year if mask_of(actor, Field.STAFF_BIRTH_YEAR) is Mask.SHOW else None,
        today=on,
        posts=_posts_for(person, actor),
        has_posts_elsewhere=len(_posts_for(person, actor)) < len(person.posts),
        reasons=reasons_of(session, person),
        papers=_papers(session, person, on),
        is_direct=works_directly(person, on),
        hours=year_standing(session, person, on),
        has_left=is_former_employer(actor, person, on),
        diploma=diploma_reason(person.education, majors_by_code(session), on),
        certificate=certificate_reason(certificates, on),
        sealed=sealed,
        withdrawn=tuple(withdrawn_of(session, person, actor.organisation_id)),
        former_numbers=tuple(former_numbers_of(session, person)),
        watermark=f"{actor.name} {moment(at)}" if any(line.until for line in sealed) else "",
    )


def _posts_for(person: Practitioner, actor: Actor) -> tuple[Post, ...]:
    """Where else somebody works is no business of an employer."""
    own = actor.organisation_id
    return tuple(post for post in reversed(person.posts) if own is None or post.site.organisation_id == own)


def _papers(session: Session, person: Practitioner, on: date) -> tuple[CertificateLine, ...]:
    if not person.certificates:
        return ()
    rules = registration_rules(session, place_of_person(person), on)
    return tuple(
        CertificateLine(one, registration_of(one, rules, on), continuing_standing(session, person, one, on))
        for one in person.certificates
    )
