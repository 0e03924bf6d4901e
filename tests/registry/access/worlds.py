"""Small random worlds for the permission table: lookalike codes, and one row of everything in each place."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.access.rules import Action, may, readable
from registry.base import Base
from registry.divisions.codes import NATION, level_of, parent_of
from registry.divisions.models import Division, DivisionKind
from registry.documents.models import (
    Annex,
    DocumentFormat,
    DocumentKind,
    DocumentState,
    IssuedDocument,
    MakingStep,
)
from registry.intake.models import IntakeRun, IntakeState
from registry.organisations.models import (
    AddressChange,
    AddressChangeState,
    Organisation,
    OrganisationKind,
    Site,
    SiteKind,
)
from registry.workforce.counting import Basis, StaffRule
from registry.workforce.models import Engagement, Post, Practitioner, Profession
from tests.factories import DAY, LONG_AGO, NOW

CODES = (
    *("31", "32", "99"),
    *("3101", "3102", "3110", "9999"),
    *("310101", "310102", "310110", "310199", "310201", "999999"),
    *("310101001", "310101010", "310101999", "310102001", "310110101", "310201001"),
    *("310101001001", "310101010001", "310102001001"),
)
"""310101, 3101010… and 310110… look alike and lie in different places; 99 and 310101999 end a range."""

MODELS: tuple[type[Base], ...] = (
    Division,
    Organisation,
    Site,
    AddressChange,
    Practitioner,
    IntakeRun,
    IssuedDocument,
)

places = st.sampled_from(CODES)
few = st.integers(min_value=1, max_value=5)


@dataclass(frozen=True)
class World:
    """Where everything lies; sites, people and changes point at others by their place in the list."""

    organisations: Sequence[str]
    sites: Sequence[tuple[str, int]]
    people: Sequence[frozenset[int]]
    changes: Sequence[tuple[int, str, bool]]
    runs: Sequence[tuple[str, int | None]]
    documents: Sequence[str]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Up to five rows of each kind; people hold any number of posts, also none."""
    organisations = draw(st.lists(places, min_size=1, max_size=5))
    an_organisation = st.integers(min_value=0, max_value=len(organisations) - 1)
    sites = draw(st.lists(st.tuples(places, an_organisation), min_size=1, max_size=5))
    a_site = st.integers(min_value=0, max_value=len(sites) - 1)
    return World(
        organisations=organisations,
        sites=sites,
        people=draw(st.lists(st.frozensets(a_site, max_size=3), max_size=5)),
        changes=draw(st.lists(st.tuples(a_site, places, st.booleans()), max_size=5)),
        runs=draw(st.lists(st.tuples(places, st.none() | an_organisation), max_size=5)),
        documents=draw(st.lists(places, max_size=5)),
    )


actors = st.builds(
    Actor,
    account_id=st.just(1),
    code=st.just("a"),
    username=st.just("a"),
    name=st.just("李示例"),
    role=st.sampled_from(Role),
    division_code=places | st.just(NATION),
    organisation_id=st.none() | few,
)


crowds = st.lists(actors, min_size=4, max_size=8)


def build(session: Session, world: World) -> None:
    """Insert the world with keys from 1, by table: quicker than one record after another."""
    _insert(session, Division, [_division(code) for code in CODES])
    _insert(session, Organisation, [_organisation(*one) for one in enumerate(world.organisations, start=1)])
    _insert(session, Site, [_site(key, *one) for key, one in enumerate(world.sites, start=1)])
    _insert(session, AddressChange, [_change(key, *one) for key, one in enumerate(world.changes, start=1)])
    _insert(session, Practitioner, [_person(key) for key, _ in enumerate(world.people, start=1)])
    held = itertools.chain.from_iterable(
        ((key, site + 1) for site in posts) for key, posts in enumerate(world.people, start=1)
    )
    _insert(session, Post, [_post(person, site) for person, site in held])
    _insert(session, IssuedDocument, [_document(*one) for one in enumerate(world.documents, start=1)])
    _insert(session, IntakeRun, [_run(key, *one) for key, one in enumerate(world.runs, start=1)])


def disagreements(
    session: Session, model: type[Base], action: Action, crowd: Sequence[Actor]
) -> list[tuple[Actor, set[int], set[int]]]:
    """Actors for whom the rows that the predicate allows are not the rows that the SQL finds."""
    rows = session.scalars(sa.select(model)).all()
    found = []
    for actor in crowd:
        allowed = {row.id for row in rows if may(actor, action, row)}
        listed = set(session.scalars(sa.select(model.id).where(readable(model, actor, action))))
        if allowed != listed:
            found.append((actor, allowed, listed))
    return found


def _insert(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(sa.insert(model.__table__), rows)


def _division(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": code,
        "level": level_of(code),
        "kind": DivisionKind.DISTRICT,
        "parent_code": parent_of(code),
        "valid_from": LONG_AGO,
        "source": "测试",
    }


def _organisation(key: int, place: str) -> dict[str, Any]:
    return {
        "id": key,
        "code": f"o{key}",
        "name": f"示例单位{key}",
        "kind": OrganisationKind.SOCIAL_SERVICE,
        "division_code": place,
        "source": "测试",
        "updated_at": NOW,
    }


def _site(key: int, place: str, organisation: int) -> dict[str, Any]:
    return {
        "id": key,
        "code": f"s{key}",
        "name": f"示例服务点{key}",
        "kind": SiteKind.REHABILITATION,
        "address": "示例路1号",
        "division_code": place,
        "located_code": place,
        "source": "测试",
        "updated_at": NOW,
        "organisation_id": organisation + 1,
    }


def _change(key: int, site: int, place: str, was_submitted: bool) -> dict[str, Any]:
    state = AddressChangeState.CONFIRMED if was_submitted else AddressChangeState.WITHDRAWN
    return {
        "id": key,
        "code": f"c{key}",
        "state": state,
        "address": "示例路2号",
        "division_code": "310101",
        "from_address": "示例路1号",
        "from_code": place,
        "effective_on": DAY,
        "explanation": "",
        "asked_at": NOW,
        "submitted_at": NOW if was_submitted else None,
        "asked_by_id": 1,
        "site_id": site + 1,
    }


def _person(key: int) -> dict[str, Any]:
    return {
        "id": key,
        "code": f"p{key}",
        "person_no": f"P{key}",
        "name": f"张示例{key}",
        "birth_year": 1990,
        "source": "测试",
        "updated_at": NOW,
    }


def _post(person: int, site: int) -> dict[str, Any]:
    return {
        "profession": Profession.SOCIAL_WORKER,
        "engagement": Engagement.FULL_TIME,
        "serves_programme": True,
        "start_on": LONG_AGO,
        "practitioner_id": person,
        "site_id": site,
    }


def _run(key: int, place: str, organisation: int | None) -> dict[str, Any]:
    counts = ("rows", "create", "update", "same", "duplicate", "warnings", "errors", "problems_left_out")
    return {
        "id": key,
        "code": f"r{key}",
        "kind": "sites",
        "file_name": "示例.csv",
        "sha256": "0" * 64,
        "options": {},
        "problems": [],
        "state": IntakeState.PREVIEWED,
        "actor_code": "a",
        "actor_name": "李示例",
        "division_code": place,
        "organisation_id": None if organisation is None else organisation + 1,
        "at": NOW,
        **dict.fromkeys(counts, 0),
    }


def _document(key: int, place: str) -> dict[str, Any]:
    return {
        "id": key,
        "code": f"d{key}",
        "kind": DocumentKind.BRIEFING,
        "format": DocumentFormat.PDF,
        "annex": Annex.NONE,
        "locale": "zh",
        "figure_code": "qualified-share",
        "rule": StaffRule.ASSIGNED,
        "division_code": place,
        "place_name": place,
        "on": DAY,
        "basis": Basis.TODAY,
        "parts": [],
        "state": DocumentState.WAITING,
        "step": MakingStep.ASKED,
        "actor_code": "a",
        "actor_name": "李示例",
        "asked_at": NOW,
    }
