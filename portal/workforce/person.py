"""One practitioner: posts, education, certificates, and what they make of the two figures today."""

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
from registry.access.masks import STAFF_NAME, Field, Mask, mask_of, staff_name
from registry.actions import Action
from registry.clock import today, utc_now
from registry.messages import Message
from registry.organisations.models import Site
from registry.periods import Period
from registry.workforce.models import CertificateKind, Post, Practitioner
from registry.workforce.records import majors_by_code
from reports.figures.reasons import certificate_reason, diploma_reason

bp = Blueprint("practitioners", __name__, url_prefix="/workforce")

RECORD = (
    selectinload(Practitioner.education),
    selectinload(Practitioner.certificates),
    selectinload(Practitioner.posts).joinedload(Post.site).joinedload(Site.organisation),
)


FIELDS_SEEN = ("name", "birth_year", "posts", "education", "certificates")
"""What the page shows of a person, as the trail names it."""


@dataclass(frozen=True)
class PersonPage:
    """What the page shows; `name` as the reader may know it."""

    person: Practitioner
    name: str | None
    birth_year: int | None
    today: date
    diploma: Message
    certificate: Message
    sealed: tuple[SealedLine, ...]
    """Identity number and phone; empty where the reader may see neither."""
    watermark: str
    """Who reads and when, as long as something is shown whole on request; empty otherwise."""

    @property
    def hidden_again(self) -> datetime | None:
        """When the first of what is shown on request is to be hidden."""
        return min((line.until for line in self.sealed if line.until), default=None)

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
        facts={"fields": list(FIELDS_SEEN), "name": STAFF_NAME[current_actor().role].value},
    )
    return answer


def place_of(person: Practitioner) -> str:
    """The division of the newest post, for whoever looks for what was seen of a place; the reader's own without one."""
    newest = max(person.posts, key=lambda post: post.start_on, default=None)
    return newest.site.division_code if newest else current_actor().division_code


def person_page(session: Session, person: Practitioner, *, actor: Actor, at: datetime) -> PersonPage:
    """The birth year is shown to whoever sees the whole name."""
    on = today(at)
    sealed = tuple(sealed_lines(session, person, actor, at))
    certificates = [one for one in person.certificates if one.kind is CertificateKind.SOCIAL_WORKER]
    return PersonPage(
        person=person,
        name=staff_name(actor, person.name),
        birth_year=person.birth_year if mask_of(actor, Field.STAFF_BIRTH_YEAR) is Mask.SHOW else None,
        today=on,
        diploma=diploma_reason(person.education, majors_by_code(session), on),
        certificate=certificate_reason(certificates, on),
        sealed=sealed,
        watermark=f"{actor.name} {moment(at)}" if any(line.until for line in sealed) else "",
    )
