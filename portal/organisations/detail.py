"""The pages of one institution and of one site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.extensions import db
from portal.htmx import render_page
from portal.inspections.room import room_of
from portal.organisations import timeline
from portal.organisations.lists import providers, sites
from portal.organisations.staff_figures import figures_of
from portal.security import allowed, current_actor
from portal.services.offered import offered_at, offered_by
from portal.sights import record_list_sight
from portal.successions.views import notices_of
from registry.access.actors import Actor
from registry.access.masks import staff_name
from registry.access.rules import may, readable
from registry.actions import Action
from registry.clock import today
from registry.divisions.codes import NATION
from registry.dossiers.queries import dossiers_of
from registry.organisations.address_change_queries import place_names
from registry.organisations.models import Organisation, Site, Standing
from registry.periods import Period
from registry.profiles.registered import NOTHING_REGISTERED, registered_of
from registry.successions.queries import successions_of
from registry.workforce.facets import InPost, ShareState
from registry.workforce.institutions import FIGURE_CODE, load_shares
from registry.workforce.listings import PRACTITIONERS
from registry.workforce.models import Practitioner

IN_POST: dict[str, Any] = {"in-post": "yes"}

OF_ORGANISATION = (
    selectinload(Organisation.standings),
    selectinload(Organisation.sites).selectinload(Site.placements),
)
OF_SITE = (
    joinedload(Site.organisation).selectinload(Organisation.standings),
    selectinload(Site.placements),
)


@dataclass(frozen=True)
class StaffShare:
    """The share of an institution on the day; `staff` is None where it is no listed provider."""

    staff: int | None
    qualified: int | None
    ratio: Fraction | None
    target: Fraction | None
    state: ShareState | None


@dataclass(frozen=True)
class StaffLine:
    """Somebody in post, with the name as the reader may see it."""

    row: Any
    name: str | None


@dataclass(frozen=True)
class StaffList:
    """Who is in post: those whom the reader may see, and how many there are in all."""

    lines: Sequence[StaffLine]
    visible: int
    total: int

    @property
    def hidden(self) -> int:
        """In post, and outside the reader's scope."""
        return max(0, self.total - self.visible)


@dataclass(frozen=True)
class StandingLine:
    """A standing and whether it is held on the day."""

    standing: Standing
    is_held: bool
    states: tuple[StrEnum, ...] = ()
    """What its entry says beyond being listed: suspended, leaving, to be decided."""


@providers.get("/<code:organisation>")
@allowed(Action.ORGANISATION_SEE, on=Organisation, load=OF_ORGANISATION)
def show(organisation: Organisation) -> ResponseReturnValue:
    session, actor, on = db.session(), current_actor(), today()
    staff = staff_of(session, organisation, actor, on)
    successions = successions_of(session, organisation.id)
    answer = render_page(
        "organisations/organisation.html",
        organisation=organisation,
        standings=standing_lines(organisation, on, states_of(session, organisation, on)),
        share=share_of(session, organisation, on),
        staff=staff,
        staff_url=url_for("workforce.index", organisation=organisation.code, division=NATION, **IN_POST),
        people_url=url_for("workforce.index"),
        share_url=share_url(organisation, actor),
        figures=figures_of(session, organisation, actor, on),
        places=places_of(session, organisation.sites, organisation.division_code),
        offered=offered_by(session, organisation, actor, on),
        events=timeline.of_organisation(session, organisation, actor),
        notices=notices_of(organisation, successions),
        is_succeeded=any(
            one.ends_predecessor and one.predecessor_id == organisation.id for one in successions
        ),
        dossiers=[
            one for one in dossiers_of(session, organisation.id) if may(actor, Action.DOSSIER_SEE, one)
        ],
        room=room_of(session, organisation, actor, on),
        on=on,
    )
    record_list_sight(
        subject_type="organisation",
        subject_code=organisation.code,
        division_code=organisation.division_code,
        question={"on": on.isoformat()},
        rows=len(staff.lines),
    )
    return answer


@sites.get("/<code:site>", endpoint="show")
@allowed(Action.SITE_SEE, on=Site, load=OF_SITE)
def show_site(site: Site) -> ResponseReturnValue:
    session, actor, on = db.session(), current_actor(), today()
    return render_page(
        "organisations/site.html",
        site=site,
        is_listed=any(line.is_held for line in standing_lines(site.organisation, on)),
        places=places_of(session, [site], site.division_code),
        offered=offered_at(session, site, actor, on),
        events=timeline.of_site(session, site, actor),
        on=on,
    )


def states_of(session: Session, organisation: Organisation, on: date) -> Mapping[int, tuple[StrEnum, ...]]:
    """Standing to what its entry says of it today."""
    return registered_of(session, [organisation.id], on).get(organisation.id, NOTHING_REGISTERED).states


def standing_lines(
    organisation: Organisation, on: date, states: Mapping[int, tuple[StrEnum, ...]] | None = None
) -> list[StandingLine]:
    """Newest first."""
    newest_first = sorted(organisation.standings, key=lambda standing: standing.granted_on, reverse=True)
    return [
        StandingLine(one, Period(one.granted_on, one.ended_on).holds_on(on), (states or {}).get(one.id, ()))
        for one in newest_first
    ]


def share_of(session: Session, organisation: Organisation, on: date) -> StaffShare:
    """The same numbers as its row in the list."""
    return StaffShare(*load_shares(session, [organisation.id], on)[organisation.id])


def share_url(organisation: Organisation, actor: Actor) -> str | None:
    """The figure's own page of the institution: who counts and why, for whoever may see it."""
    if not may(actor, Action.FIGURE_SEE, organisation):
        return None
    return url_for("figures.organisation", code=FIGURE_CODE, organisation=organisation.code)


def staff_of(session: Session, organisation: Organisation, actor: Actor, on: date) -> StaffList:
    """The first page of those in post whom the actor may see."""
    typed = {"organisation": organisation.code, "in-post": InPost.YES.value}
    scope = readable(Practitioner, actor, Action.PRACTITIONER_SEE)
    page = PRACTITIONERS.ask(typed, scope=scope, on=on).fetch(session)
    everybody = PRACTITIONERS.ask(typed, scope=sa.true(), on=on).count(session)
    lines = [StaffLine(row, staff_name(actor, row.name)) for row in page.rows]
    return StaffList(lines, page.count.number, everybody.number)


def places_of(session: Session, shown: Sequence[Site], *codes: str) -> Mapping[str, str]:
    """The names of every division that the page mentions."""
    mentioned = {code for site in shown for code in (site.division_code, site.located_code)}
    of_placements = {placement.today_code for site in shown for placement in site.placements}
    return place_names(session, mentioned | of_placements | set(codes))
