"""Practitioners taken out to be changed and brought back: people, posts, education and certificates, as parts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from registry.divisions.codes import within
from registry.intake.bulk import chunks
from registry.intake.declaration import Context
from registry.intake.kinds.practitioner_rows import (
    CertificateFacts,
    EducationFacts,
    EducationKey,
    PostFacts,
    PostKey,
    PractitionerLookups,
    PractitionerRow,
)
from registry.intake.parts import Part, PartKey, PartKind, Reading, Trip, canonical
from registry.organisations.models import Site
from registry.workforce.models import Certificate, Education, EducationForm, Post, Practitioner

PERSON = ("name", "birth_year")
POST_KEY = tuple(name for name in PostKey._fields if name not in ("person_no", "site_id"))
POST = PostFacts._fields
EDUCATION_KEY = tuple(name for name in EducationKey._fields if name != "person_no")
EDUCATION = EducationFacts._fields
CERTIFICATE_KEY = ("certificate_kind", "certificate_number")
CERTIFICATE = tuple(name for name in CertificateFacts._fields if name != "person_no")


def parts_of_people(session: Session, ids: Sequence[int], context: Context) -> list[Part]:
    """Everything of these people that the loader answers for: of their posts, those in his reach."""
    found: list[Part] = []
    for chunk in chunks(ids):
        found += _people(session, chunk)
        found += _posts(session, chunk, context)
        found += _education(session, chunk)
        found += _certificates(session, chunk)
    return found


def rows_of(parts: Iterable[Part]) -> list[list[Mapping[str, Any]]]:
    """The rows of each person, under the keys of the columns: a post, an education and a certificate side by side.

    Of fewer posts than the rest, the first one stands in every further row: a row without a post says nothing.
    """
    by_person: dict[str, dict[PartKind, list[Part]]] = defaultdict(lambda: defaultdict(list))
    for part in parts:
        by_person[part.owner][part.kind].append(part)
    return [_rows_of_person(kinds) for kinds in by_person.values() if kinds[PartKind.POST]]


def _rows_of_person(kinds: Mapping[PartKind, list[Part]]) -> list[Mapping[str, Any]]:
    (person,), posts = kinds[PartKind.PERSON], kinds[PartKind.POST]
    together = zip_longest(posts, kinds[PartKind.EDUCATION], kinds[PartKind.CERTIFICATE])
    return [
        _cells(person) | _cells(post or posts[0]) | _cells(education) | _cells(certificate)
        for post, education, certificate in together
    ]


def _cells(part: Part | None) -> dict[str, Any]:
    """What fills the columns of a part."""
    return {} if part is None else {**part.named, **part.facts}


def _people(session: Session, ids: Sequence[int]) -> Iterator[Part]:
    columns = (getattr(Practitioner, name) for name in PERSON)
    statement = sa.select(Practitioner.person_no, Practitioner.version, *columns)
    for number, version, *facts in _of(session, statement, ids):
        yield _part(PartKind.PERSON, number, {"person_no": number}, PERSON, facts, version)


def _posts(session: Session, ids: Sequence[int], context: Context) -> Iterator[Part]:
    columns = (getattr(Post, name) for name in (*POST_KEY, *POST))
    statement = (
        sa.select(Practitioner.person_no, Site.code, *columns)
        .join(Post, Post.practitioner_id == Practitioner.id)
        .join(Site, Site.id == Post.site_id)
        .where(in_reach(context))
        .order_by(Post.start_on.desc(), Post.id)
    )
    keys = ("person_no", "site_code", *POST_KEY)
    for line in _of(session, statement, ids):
        yield _part(PartKind.POST, line[0], _named_by(keys, line), POST, line[len(keys) :])


def _education(session: Session, ids: Sequence[int]) -> Iterator[Part]:
    columns = (getattr(Education, name) for name in (*EDUCATION_KEY, *EDUCATION))
    statement = sa.select(Practitioner.person_no, *columns).join(
        Education, Education.practitioner_id == Practitioner.id
    )
    keys = ("person_no", *EDUCATION_KEY)
    for line in _of(session, statement.order_by(Education.id), ids):
        yield _part(PartKind.EDUCATION, line[0], _named_by(keys, line), EDUCATION, line[len(keys) :])


def _certificates(session: Session, ids: Sequence[int]) -> Iterator[Part]:
    columns = (getattr(Certificate, name) for name in CERTIFICATE)
    statement = sa.select(Practitioner.person_no, Certificate.kind, Certificate.number, *columns).join(
        Certificate, Certificate.practitioner_id == Practitioner.id
    )
    for number, *line in _of(session, statement.order_by(Certificate.id), ids):
        named = _named_by(CERTIFICATE_KEY, line)
        yield _part(PartKind.CERTIFICATE, number, named, CERTIFICATE, line[len(CERTIFICATE_KEY) :])


def _named_by(keys: Sequence[str], line: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(keys, line, strict=False))  # what follows the keys are facts


def _part(
    kind: PartKind,
    owner: str,
    named: Mapping[str, Any],
    facts: Sequence[str],
    values: Sequence[Any],
    version: int = 0,
) -> Part:
    said = dict(zip(facts, values, strict=True))
    return Part(kind, _texts(*named.values()), owner, said, version, named)


def _of(session: Session, statement: sa.Select[Any], ids: Sequence[int]) -> Iterator[list[Any]]:
    asked = statement.where(Practitioner.id.in_(ids)).order_by(Practitioner.person_no)
    return (list(row) for row in session.execute(asked))


def in_reach(context: Context) -> ColumnElement[bool]:
    """A post at a site that the loader answers for."""
    is_own = within(Site.division_code, context.division_code)
    if context.organisation_id is None:
        return is_own
    return sa.and_(is_own, Site.organisation_id == context.organisation_id)


def _texts(*values: Any) -> tuple[str, ...]:
    return tuple(str(canonical(value)) for value in values)


def _read(
    session: Session,
    rows: Sequence[PractitionerRow],
    taken: Collection[PartKey],
    lookups: PractitionerLookups,
) -> Reading:
    codes = {ref.id: code for code, ref in lookups.by_code.items()}
    of_rows = [tuple(_parts_of_row(row, lookups, codes)) for row in rows]
    numbers = {row.person_no for row in rows if row.person_no}
    numbers |= {key[0] for kind, key in taken if kind == PartKind.PERSON.value}
    ids = _ids_in_reach(session, sorted(numbers), lookups.context)
    now = {part.id: part for part in parts_of_people(session, ids, lookups.context)}
    return Reading(of_rows, now)


def _ids_in_reach(session: Session, numbers: Sequence[str], context: Context) -> list[int]:
    """Of these people, those who hold or held a post that the loader answers for."""
    found: list[int] = []
    for chunk in chunks(numbers):
        held = sa.select(Post.practitioner_id).join(Site, Site.id == Post.site_id).where(in_reach(context))
        statement = sa.select(Practitioner.id).where(
            Practitioner.person_no.in_(chunk), Practitioner.id.in_(held)
        )
        found.extend(session.scalars(statement))
    return found


def _parts_of_row(
    row: PractitionerRow, lookups: PractitionerLookups, codes: Mapping[int, str]
) -> Iterator[Part]:
    """What has no whole key is named by nothing, and the judge says what is missing."""
    number = row.person_no
    if number is None:
        return
    yield Part(PartKind.PERSON, (number,), number, _facts(row, PERSON))
    yield from _named(PartKind.POST, row, (number, _site_code(row, lookups, codes)), POST_KEY, POST)
    form = row._replace(form=row.form or EducationForm.DIPLOMA)
    yield from _named(PartKind.EDUCATION, form, (number,), EDUCATION_KEY, EDUCATION)
    yield from _named(PartKind.CERTIFICATE, row, (), CERTIFICATE_KEY, CERTIFICATE)


def _named(
    kind: PartKind,
    row: PractitionerRow,
    first: tuple[str | None, ...],
    keys: Sequence[str],
    facts: Sequence[str],
) -> Iterator[Part]:
    key = (*first, *(getattr(row, name) for name in keys))
    if None not in key:
        yield Part(kind, _texts(*key), row.person_no or "", _facts(row, facts))


def _facts(row: PractitionerRow, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _site_code(row: PractitionerRow, lookups: PractitionerLookups, codes: Mapping[int, str]) -> str | None:
    """As typed, or by the institution and the name of the site."""
    if row.site_code:
        return row.site_code
    sites = lookups.by_organisation.get(row.uscc or "", {})
    ref = sites.get(row.site_name) if row.site_name else None
    if ref is None and row.site_name is None and len(sites) == 1:
        ref = next(iter(sites.values()))
    return codes.get(ref.id) if ref else None


TRIP = Trip(
    read=_read,
    named={
        PartKind.PERSON: ("person_no",),
        PartKind.POST: ("person_no", "site_code", *POST_KEY),
        PartKind.EDUCATION: ("person_no", *EDUCATION_KEY),
        PartKind.CERTIFICATE: CERTIFICATE_KEY,
    },
)
