"""Our side of a comparison: the people or the places of one division or organisation, with the facts compared."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.elements import ColumnElement

from registry.divisions.codes import ancestors, within
from registry.divisions.models import Division
from registry.organisations.facets import Opening
from registry.organisations.models import Organisation, Site
from registry.periods import Period
from registry.reconciliations.fields import Group
from registry.reconciliations.models import Evidence, SubjectKind
from registry.reconciliations.normalising import bare, code, person_name, without_prefix
from registry.workforce.facets import InPost
from registry.workforce.models import Certificate, Education, Post, Practitioner

Facts = Mapping[str, Any]
PostsOf = dict[int, list[Facts]]

STREET_LENGTH = 9
"""Digits of a street's code: no list writes communities before an address alone."""


class OurRecord(NamedTuple):
    """One of ours: a person or a place, by its public code."""

    code: str
    name: str
    is_current: bool
    """In post, or open: whoever is not is matched, and not missed in their list."""
    groups: Mapping[Group, Sequence[Facts]]
    """By group, the facts of each of its members; a fact that is not registered is None or left out."""
    known_as: Mapping[Evidence, tuple[str, ...]]
    """Under what it may be looked up, normalised, each once."""


@dataclass(frozen=True)
class Whose:
    """How far a comparison looks: a division and what lies below, or one organisation wherever it lies."""

    division_code: str
    organisation_id: int | None = None

    def of_site(self) -> ColumnElement[bool]:
        """The condition on a site."""
        if self.organisation_id is not None:
            return Site.organisation_id == self.organisation_id
        return within(Site.division_code, self.division_code)


@dataclass(frozen=True)
class OurSide:
    """All of ours, and where to find each."""

    records: tuple[OurRecord, ...]
    index: Mapping[Evidence, Mapping[str, tuple[OurRecord, ...]]] = field(repr=False)

    @classmethod
    def of(cls, records: Iterable[OurRecord]) -> "OurSide":
        """Indexed by everything under which they are known."""
        kept = tuple(records)
        index: dict[Evidence, dict[str, list[OurRecord]]] = defaultdict(lambda: defaultdict(list))
        for record in kept:
            for evidence, names in record.known_as.items():
                for name in names:
                    index[evidence][name].append(record)
        return cls(
            kept,
            {
                evidence: {name: tuple(found) for name, found in by_name.items()}
                for evidence, by_name in index.items()
            },
        )


def our_side(session: Session, kind: SubjectKind, whose: Whose, on: date) -> OurSide:
    """What the register says on a day."""
    prefixes = prefixes_of(session, whose.division_code)
    if kind is SubjectKind.SITES:
        return OurSide.of(_site(site, on, prefixes) for site in _sites(session, whose))
    return OurSide.of(_people(session, whose, on))


def prefixes_of(session: Session, division_code: str) -> tuple[str, ...]:
    """Names of the divisions above and below, from the highest level down; 上海市 is 上海 too."""
    length = sa.func.length(Division.code)
    around = sa.or_(Division.code.in_(ancestors(division_code)), within(Division.code, division_code))
    named = sa.select(Division.name, length).where(around, length <= STREET_LENGTH).distinct()
    by_level = sorted(((length, bare(name)) for name, length in session.execute(named)), key=_highest_first)
    return tuple(dict.fromkeys(short for _length, name in by_level for short in _forms(name)))


def _highest_first(entry: tuple[int, str]) -> tuple[int, int]:
    return entry[0], -len(entry[1])


def _forms(name: str) -> tuple[str, ...]:
    short = name.removesuffix("市") if name.endswith("市") else name
    return (name, short) if len(short) > 1 else (name,)


def _people(session: Session, whose: Whose, on: date) -> Iterator[OurRecord]:
    """Whoever holds or held a post there, with the posts there alone: rows and no objects, for there may be many."""
    held, past = _posts(session, whose, on)
    ids = sa.select(Post.practitioner_id).join(Site, Site.id == Post.site_id).where(whose.of_site())
    education = _by_person(session, Education, ids, "level", "major_name", "school")
    certificates = _by_person(session, Certificate, ids, "kind", "number", "grade", "valid_to")
    own = (Practitioner.code, Practitioner.person_no, Practitioner.name, Practitioner.birth_year)
    numbers = (Practitioner.identity_index, Practitioner.phone_index)
    people = sa.select(Practitioner.id, *own, *numbers).where(Practitioner.id.in_(ids))
    for key, *facts in session.execute(people.order_by(Practitioner.id)):
        posts = held.get(key) or past[key]
        yield _person(facts, key in held, posts, education.get(key, ()), certificates.get(key, ()))


def _posts(session: Session, whose: Whose, on: date) -> tuple[PostsOf, PostsOf]:
    """By person, those held on the day, and the others."""
    columns = (Post.practitioner_id, Post.profession, Post.engagement, Post.start_on, Post.end_on)
    names = (Site.name, Organisation.name, Organisation.uscc)
    statement = (
        sa.select(*columns, *names)
        .join(Site, Site.id == Post.site_id)
        .join(Organisation, Organisation.id == Site.organisation_id)
        .where(whose.of_site())
        .order_by(Post.start_on, Post.id)
    )
    held: PostsOf = defaultdict(list)
    past: PostsOf = defaultdict(list)
    for key, profession, engagement, start, end, site, organisation, uscc in session.execute(statement):
        post = {
            "institution": (organisation, site),
            "uscc": uscc,
            "profession": profession,
            "engagement": engagement,
            "start_on": start,
        }
        (held if Period(start, end).holds_on(on) else past)[key].append(post)
    return held, past


def _by_person(
    session: Session, model: type[Education] | type[Certificate], ids: sa.Select[int], *names: str
) -> dict[int, list[dict[str, Any]]]:
    """A text that was left blank is not registered."""
    columns = [getattr(model, name) for name in names]
    statement = sa.select(model.practitioner_id, *columns).where(model.practitioner_id.in_(ids))
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for key, *values in session.execute(statement.order_by(model.id)):
        found[key].append({name: value or None for name, value in zip(names, values, strict=True)})
    return found


def _person(
    facts: Sequence[Any],
    is_held: bool,
    posts: Sequence[Facts],
    education: Sequence[Facts],
    certificates: Sequence[Facts],
) -> OurRecord:
    public_code, person_no, name, year, identity_index, phone_index = facts
    own = {
        "person_no": person_no,
        "name": name,
        "birth_year": year,
        "identity_number": identity_index,
        "phone": phone_index,
        "in_post": InPost.YES if is_held else InPost.NO,
    }
    papers = [
        {"certificate_kind": one["kind"], "certificate_number": one["number"], **one} for one in certificates
    ]
    groups = {
        Group.SELF: (own,),
        Group.POST: posts,
        Group.EDUCATION: education,
        Group.CERTIFICATE: papers,
    }
    known = {
        Evidence.REGISTER_NUMBER: (code(person_no),),
        Evidence.CERTIFICATE_NUMBER: _once(code(one["number"]) for one in certificates),
        Evidence.NAME_AND_YEAR: (f"{person_name(name)} {year}",),
        Evidence.IDENTITY_NUMBER: (identity_index,) if identity_index else (),
    }
    return OurRecord(public_code, name, is_held, groups, known)


def _sites(session: Session, whose: Whose) -> Sequence[Site]:
    owned = selectinload(Site.organisation).selectinload(Organisation.standings)
    statement = sa.select(Site).where(whose.of_site()).options(owned).order_by(Site.id)
    return session.scalars(statement).all()


def _site(site: Site, on: date, prefixes: tuple[str, ...]) -> OurRecord:
    is_open = site.closed_on is None or site.closed_on > on
    numbers = [one.number for one in site.organisation.standings if one.ended_on is None or one.ended_on > on]
    own = {
        "site_code": site.code,
        "site_name": site.name,
        "organisation": site.organisation.name,
        "uscc": site.organisation.uscc,
        "standing_number": numbers[0] if numbers else None,
        "site_kind": site.kind,
        "address": site.address,
        "opened_on": site.opened_on,
        "open": Opening.OPEN if is_open else Opening.CLOSED,
    }
    known = {
        Evidence.SITE_CODE: (code(site.code),),
        Evidence.STANDING_NUMBER: _once(map(code, numbers)),
        Evidence.CREDIT_CODE: (site.organisation.uscc,) if site.organisation.uscc else (),
        Evidence.NAME: (without_prefix(bare(site.name), prefixes),),
    }
    return OurRecord(site.code, site.name, is_open, {Group.SELF: (own,)}, known)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
