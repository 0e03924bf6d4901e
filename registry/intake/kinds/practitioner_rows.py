"""Rows of the workbook of practitioners, the sites that they name, and what the register knows of the people."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.intake.bulk import chunks
from registry.intake.declaration import Context, Outcome
from registry.intake.kinds.identities import Identities
from registry.organisations.models import Organisation, Site
from registry.periods import Period
from registry.workforce.models import (
    Catalogue,
    Certificate,
    CertificateKind,
    CertificateRegistration,
    Education,
    EducationForm,
    EducationLevel,
    Engagement,
    FormerNumber,
    Post,
    Practitioner,
    Profession,
    Verification,
)
from registry.workforce.registration import RegistrationTerms, registration_terms


class PractitionerRow(NamedTuple):
    """One row: one post, with at most one education and one certificate; blanks and what could not be read are None."""

    number: int
    person_no: str | None
    name: str | None
    birth_year: int | None
    site_code: str | None
    uscc: str | None
    site_name: str | None
    profession: Profession | None
    engagement: Engagement | None
    serves_programme: bool | None
    start_on: date | None
    end_on: date | None
    form: EducationForm | None
    level: EducationLevel | None
    catalogue: Catalogue | None
    major_code: str | None
    major_name: str | None
    school: str | None
    obtained_on: date | None
    verification: Verification | None
    verified_on: date | None
    certificate_kind: CertificateKind | None
    grade: str | None
    certificate_number: str | None
    issued_on: date | None
    valid_from: date | None
    valid_to: date | None
    identity_number: str | None
    phone: str | None
    direct_service: bool | None


class PersonFacts(NamedTuple):
    """What a row says of a person, known by the register number; the two indexes stand for what is sealed."""

    name: str
    birth_year: int
    identity_index: str | None
    phone_index: str | None


class PostKey(NamedTuple):
    """One post."""

    person_no: str
    site_id: int
    profession: Profession
    start_on: date


class PostFacts(NamedTuple):
    """What is said of a post."""

    engagement: Engagement
    serves_programme: bool
    direct_service: bool | None
    """None where nobody says it: the profession does."""
    end_on: date | None


class EducationKey(NamedTuple):
    """One diploma or degree."""

    person_no: str
    form: EducationForm
    level: EducationLevel
    catalogue: Catalogue
    major_code: str
    school: str


class EducationFacts(NamedTuple):
    """What is said of an education."""

    major_name: str
    obtained_on: date
    verification: Verification | None
    """None where an institution says nothing of what its district verified."""
    verified_on: date | None


class CertificateKey(NamedTuple):
    """One certificate."""

    kind: CertificateKind
    number: str


class CertificateFacts(NamedTuple):
    """What is said of a certificate, its holder first."""

    person_no: str
    grade: str
    issued_on: date
    valid_from: date | None
    valid_to: date | None


Key = TypeVar("Key", bound=Hashable)
Facts = TypeVar("Facts", PersonFacts, PostFacts, EducationFacts, CertificateFacts)


class Ledger(Generic[Key, Facts]):
    """What a file says of one kind of thing, beside what the register knows of it."""

    def __init__(self) -> None:
        self.known: dict[Key, tuple[int, Facts]] = {}
        """Integer key and facts, as the register has them."""
        self.typed: dict[Key, Facts] = {}
        """What the first row says, blanks and all: with it later rows are compared."""
        self.said: dict[Key, Facts] = {}
        """The same beside what the register knows: what will be written."""
        self.rows: dict[Key, int] = {}
        """The row that says it first."""

    def say(self, key: Key, facts: Facts, row: int) -> Outcome:
        """What these facts would do; ERROR where an earlier row says something else of the same thing."""
        first = self.typed.setdefault(key, facts)
        if first is not facts:
            return Outcome.SAME if first == facts else Outcome.ERROR
        self.rows[key] = row
        if key not in self.known:
            self.said[key] = facts
            return Outcome.CREATE
        before = self.known[key][1]
        self.said[key] = after = _beside(before, facts)
        return Outcome.SAME if after == before else Outcome.UPDATE

    def new(self) -> list[tuple[Key, Facts]]:
        """What the register does not have yet."""
        return [(key, facts) for key, facts in self.said.items() if key not in self.known]

    def changed(self) -> list[tuple[int, Facts]]:
        """What the register has otherwise, by its integer key."""
        return [
            (self.known[key][0], facts)
            for key, facts in self.said.items()
            if key in self.known and self.known[key][1] != facts
        ]


def _beside(before: Facts, said: Facts) -> Facts:
    """Blanks say nothing, but that a diploma is no longer verified takes the day of its verification away."""
    after = before._replace(**{name: value for name, value in said._asdict().items() if value is not None})
    if isinstance(after, EducationFacts) and after.verification is not Verification.VERIFIED:
        return after._replace(verified_on=None)
    return after


class SiteRef(NamedTuple):
    """A site as a post needs it."""

    id: int
    organisation_id: int
    division_code: str


@dataclass(frozen=True)
class PractitionerLookups:
    """The sites, and four ledgers that the judge fills and the load writes."""

    session: Session
    """What the register knows of people is asked once their numbers have been read."""
    context: Context
    by_code: Mapping[str, SiteRef]
    by_organisation: Mapping[str, Mapping[str, SiteRef]]
    """Credit code to the institution's sites by name."""
    organisation_of: Mapping[int, int]
    """Site to organisation, integer keys."""
    terms: RegistrationTerms
    codes: dict[str, str] = field(default_factory=dict)
    """Register number to public code, of whom the register knows."""
    kept_by_others: set[str] = field(default_factory=set)
    """Register numbers whose facts the loader may not change, see practitioner_reach.py."""
    identities: Identities = field(default_factory=Identities)
    same_people: set[tuple[str, str]] = field(default_factory=set)
    """Pairs of known register numbers that one identity number leads to."""
    former: dict[str, str] = field(default_factory=dict)
    """Register numbers that went into others by a merge, and those that they went into."""
    people: Ledger[str, PersonFacts] = field(default_factory=Ledger)
    posts: Ledger[PostKey, PostFacts] = field(default_factory=Ledger)
    education: Ledger[EducationKey, EducationFacts] = field(default_factory=Ledger)
    certificates: Ledger[CertificateKey, CertificateFacts] = field(default_factory=Ledger)
    earlier: dict[CertificateKey, list[Period]] = field(default_factory=lambda: defaultdict(list))
    """The registrations that were renewed, of certificates that have any, in their order."""


def prepare(session: Session, context: Context) -> PractitionerLookups:
    """One statement: every site with its institution's credit code."""
    by_code: dict[str, SiteRef] = {}
    by_organisation: dict[str, dict[str, SiteRef]] = defaultdict(dict)
    statement = sa.select(
        Site.code, Site.name, Organisation.uscc, Site.id, Site.organisation_id, Site.division_code
    ).join(Organisation, Organisation.id == Site.organisation_id)
    for code, name, uscc, *facts in session.execute(statement):
        by_code[code] = ref = SiteRef._make(facts)
        if uscc:
            by_organisation[uscc][name] = ref
    organisation_of = {ref.id: ref.organisation_id for ref in by_code.values()}
    lookups = PractitionerLookups(
        session, context, by_code, by_organisation, organisation_of, registration_terms(session)
    )
    lookups.identities.seals = context.seals
    return lookups


def recall(rows: Sequence[PractitionerRow], lookups: PractitionerLookups) -> None:
    """Fill the ledgers with what the register knows of the people and certificates that the rows name."""
    lookups.identities.note(rows)
    session = lookups.session
    if session.scalar(sa.select(Practitioner.id).limit(1)) is None:
        return  # a first load knows nobody, and a statement for every chunk is saved
    numbers = sorted({row.person_no for row in rows if row.person_no})
    for chunk in chunks(numbers):
        lookups.former.update(_recall_former(session, chunk))
        known = _recall_people(session, chunk, lookups)
        if known:
            _recall_posts(session, known, lookups)
            _recall_education(session, known, lookups)
    for indexes in chunks(sorted(lookups.identities.every_index)):
        lookups.identities.owners |= _owners(session, indexes, lookups)
    held = sorted({row.certificate_number for row in rows if row.certificate_number})
    for chunk in chunks(held):
        _recall_certificates(session, chunk, lookups)


def _recall_people(session: Session, numbers: Sequence[str], lookups: PractitionerLookups) -> list[str]:
    statement = sa.select(
        Practitioner.person_no,
        Practitioner.code,
        Practitioner.id,
        Practitioner.name,
        Practitioner.birth_year,
        Practitioner.identity_index,
        Practitioner.phone_index,
    ).where(Practitioner.person_no.in_(numbers))
    current = lookups.identities.current
    for number, code, key, name, birth_year, *indexes in session.execute(statement):
        lookups.codes[number] = code
        lookups.people.known[number] = key, PersonFacts(name, birth_year, *map(current, indexes))
    return [number for number in numbers if number in lookups.people.known]


def _recall_former(session: Session, numbers: Sequence[str]) -> dict[str, str]:
    statement = sa.select(FormerNumber.person_no, Practitioner.person_no).join(FormerNumber.practitioner)
    return dict(session.execute(statement.where(FormerNumber.person_no.in_(numbers))).all())


def _owners(session: Session, indexes: Sequence[str], lookups: PractitionerLookups) -> dict[str, str]:
    """The register numbers under which identity numbers of the file are known, anywhere in the register."""
    index = Practitioner.identity_index
    statement = sa.select(index, Practitioner.person_no).where(index.in_(indexes)).order_by(Practitioner.id)
    return {lookups.identities.current(found) or "": owner for found, owner in session.execute(statement)}


def _recall_posts(session: Session, numbers: Sequence[str], lookups: PractitionerLookups) -> None:
    statement = (
        sa.select(
            Post.id,
            Practitioner.person_no,
            Post.site_id,
            Post.profession,
            Post.start_on,
            Post.engagement,
            Post.serves_programme,
            Post.direct_service,
            Post.end_on,
        )
        .join(Practitioner, Practitioner.id == Post.practitioner_id)
        .where(Practitioner.person_no.in_(numbers))
    )
    for key, *facts in session.execute(statement):
        lookups.posts.known[PostKey._make(facts[:4])] = key, PostFacts._make(facts[4:])


def _recall_education(session: Session, numbers: Sequence[str], lookups: PractitionerLookups) -> None:
    statement = (
        sa.select(
            Education.id,
            Practitioner.person_no,
            Education.form,
            Education.level,
            Education.catalogue,
            Education.major_code,
            Education.school,
            Education.major_name,
            Education.obtained_on,
            Education.verification,
            Education.verified_on,
        )
        .join(Practitioner, Practitioner.id == Education.practitioner_id)
        .where(Practitioner.person_no.in_(numbers))
    )
    for key, *facts in session.execute(statement):
        lookups.education.known[EducationKey._make(facts[:6])] = key, EducationFacts._make(facts[6:])


def _recall_certificates(session: Session, numbers: Sequence[str], lookups: PractitionerLookups) -> None:
    statement = (
        sa.select(
            Certificate.id,
            Certificate.kind,
            Certificate.number,
            Practitioner.person_no,
            Certificate.grade,
            Certificate.issued_on,
            Certificate.valid_from,
            Certificate.valid_to,
        )
        .join(Practitioner, Practitioner.id == Certificate.practitioner_id)
        .where(Certificate.number.in_(numbers))
    )
    for key, *facts in session.execute(statement):
        lookups.certificates.known[CertificateKey._make(facts[:2])] = key, CertificateFacts._make(facts[2:])
    earlier = CertificateRegistration
    renewed = sa.select(Certificate.kind, Certificate.number, earlier.valid_from, earlier.valid_to)
    named = renewed.join(earlier.certificate).where(Certificate.number.in_(numbers))
    for kind, number, start, end in session.execute(named.order_by(earlier.valid_from)):
        lookups.earlier[CertificateKey(kind, number)].append(Period(start, end))
