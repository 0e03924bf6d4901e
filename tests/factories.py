"""Typed builders with boring defaults: a test names only what matters to it."""

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy.orm import Session
from stdnum.cn import uscc as uscc_number

from registry.access.actors import Actor
from registry.access.exports import MOST_A_DAY, MOST_ROWS
from registry.access.models import Account, Position, Role
from registry.access.roles import ADMINISTRATORS, ORGANISATION_ROLES
from registry.divisions.codes import level_of, parent_of
from registry.divisions.models import Division, DivisionKind
from registry.documents.models import Annex, DocumentFormat, DocumentKind, Question
from registry.organisations.models import (
    AddressChange,
    Organisation,
    OrganisationKind,
    Site,
    SiteKind,
    SitePlacement,
    Standing,
    StandingKind,
)
from registry.policy.models import Grade, Parameter, Target
from registry.workforce.counting import Basis, StaffRule
from registry.workforce.models import (
    Catalogue,
    Certificate,
    CertificateKind,
    CertificateRegistration,
    Education,
    EducationForm,
    EducationLevel,
    Engagement,
    Major,
    MajorFamily,
    Post,
    Practitioner,
    Profession,
    Training,
    Verification,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)
LONG_AGO = date(2020, 1, 1)
HUANGPU = "310101"
NANJING_EAST_ROAD = "310101002"

Record = TypeVar("Record")
_numbers = itertools.count(1)


def _kind_of(code: str) -> DivisionKind:
    kinds = {
        2: DivisionKind.PROVINCE,
        4: DivisionKind.CITY,
        6: DivisionKind.DISTRICT,
        9: DivisionKind.SUBDISTRICT,
    }
    return kinds.get(len(code), DivisionKind.COMMUNITY)


def make_division(session: Session, code: str = HUANGPU, **facts: Any) -> Division:
    """A division under its canonical parent, valid since 2020."""
    defaults: dict[str, Any] = {
        "name": f"区划{code}",
        "level": level_of(code),
        "kind": _kind_of(code),
        "parent_code": parent_of(code),
        "valid_from": LONG_AGO,
        "source": "测试",
    }
    return _added(session, Division(code=code, **(defaults | facts)))


def make_uscc(number: int) -> str:
    """A well-formed credit code of a social service agency (GB 32100-2015), different for each number."""
    stem = f"52310101{number:09d}"
    return stem + str(uscc_number.calc_check_digit(stem))


def make_organisation(session: Session, **facts: Any) -> Organisation:
    """A social service agency with a valid credit code."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "name": f"示例康复服务中心{number}",
        "kind": OrganisationKind.SOCIAL_SERVICE,
        "uscc": make_uscc(number),
        "division_code": HUANGPU,
        "opened_on": LONG_AGO,
        "source": "测试",
        "updated_at": NOW,
    }
    return _added(session, Organisation(**(defaults | facts)))


def make_standing(session: Session, organisation: Organisation, **facts: Any) -> Standing:
    """The organisation is a listed provider since 2020."""
    defaults: dict[str, Any] = {
        "number": f"JK{next(_numbers):06d}",
        "kind": StandingKind.PROVIDER,
        "granted_on": LONG_AGO,
        "uscc": organisation.uscc,
    }
    return _added(session, Standing(organisation=organisation, **(defaults | facts)))


def make_site(session: Session, organisation: Organisation, **facts: Any) -> Site:
    """A rehabilitation site in one street, open and placed since 2020."""
    defaults: dict[str, Any] = {
        "name": f"{organisation.name}服务点",
        "kind": SiteKind.REHABILITATION,
        "address": "示例路1号",
        "division_code": NANJING_EAST_ROAD,
        "opened_on": LONG_AGO,
        "source": "测试",
        "updated_at": NOW,
    }
    values = defaults | facts
    values.setdefault("located_code", values["division_code"])
    site = _added(session, Site(organisation=organisation, **values))
    placement = SitePlacement(
        site=site,
        division_code=site.division_code,
        today_code=site.division_code,
        address=site.address,
        valid_from=site.opened_on or LONG_AGO,
    )
    _added(session, placement)
    return site


def make_address_change(session: Session, site: Site, **facts: Any) -> AddressChange:
    """A draft: the site wants to move to another number of its street on 1 December 2026."""
    defaults: dict[str, Any] = {
        "address": "示例路88号",
        "division_code": site.division_code,
        "from_address": site.address,
        "from_code": site.division_code,
        "effective_on": date(2026, 12, 1),
        "explanation": "",
        "asked_at": NOW,
        "asked_by_id": 1,
    }
    return _added(session, AddressChange(site=site, **(defaults | facts)))


def make_provider(session: Session, *, division_code: str = NANJING_EAST_ROAD, **facts: Any) -> Site:
    """A listed provider with one site; the site is given back."""
    organisation = make_organisation(session, division_code=division_code, **facts)
    make_standing(session, organisation)
    return make_site(session, organisation, division_code=division_code)


def make_practitioner(session: Session, **facts: Any) -> Practitioner:
    """Somebody without education, certificates or posts."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "person_no": f"P{number:08d}",
        "name": f"张示例{number}",
        "birth_year": 1990,
        "source": "测试",
        "updated_at": NOW,
    }
    return _added(session, Practitioner(**(defaults | facts)))


def make_post(session: Session, practitioner: Practitioner, site: Site, **facts: Any) -> Post:
    """A full-time social worker's post that serves the programme, held since 2020."""
    defaults: dict[str, Any] = {
        "profession": Profession.SOCIAL_WORKER,
        "engagement": Engagement.FULL_TIME,
        "serves_programme": True,
        "start_on": LONG_AGO,
    }
    return _added(session, Post(practitioner=practitioner, site=site, **(defaults | facts)))


def make_education(session: Session, practitioner: Practitioner, **facts: Any) -> Education:
    """A verified bachelor's diploma in social work (030302), obtained before anything else happens."""
    defaults: dict[str, Any] = {
        "form": EducationForm.DIPLOMA,
        "level": EducationLevel.BACHELOR,
        "catalogue": Catalogue.UNDERGRADUATE,
        "major_code": "030302",
        "major_name": "社会工作",
        "school": "示例大学",
        "obtained_on": date(2012, 7, 1),
        "verification": Verification.VERIFIED,
    }
    values = defaults | facts
    if values["verification"] is Verification.VERIFIED:
        values.setdefault("verified_on", date(2019, 12, 1))
    return _added(session, Education(practitioner=practitioner, **values))


def make_certificate(session: Session, practitioner: Practitioner, **facts: Any) -> Certificate:
    """A social worker's certificate registered until 2028."""
    defaults: dict[str, Any] = {
        "kind": CertificateKind.SOCIAL_WORKER,
        "grade": "社会工作师",
        "number": f"SW{next(_numbers):08d}",
        "issued_on": date(2018, 6, 1),
        "valid_from": LONG_AGO,
        "valid_to": date(2028, 1, 1),
    }
    return _added(session, Certificate(practitioner=practitioner, **(defaults | facts)))


def make_renewed(
    session: Session, certificate: Certificate, start: date, end: date
) -> CertificateRegistration:
    """A registration of a certificate that was renewed since."""
    days = {"valid_from": start, "valid_to": end, "source": "人工登记", "recorded_at": NOW}
    return _added(session, CertificateRegistration(certificate=certificate, **days))


def make_training(session: Session, practitioner: Practitioner, **facts: Any) -> Training:
    """Twenty hours of rehabilitation training in May 2026."""
    defaults: dict[str, Any] = {
        "held_on": date(2026, 5, 20),
        "hours": Decimal(20),
        "subject": f"精神康复实务{next(_numbers)}",
        "organiser": "示例培训中心",
        "is_rehabilitation": True,
        "is_continuing": False,
    }
    return _added(session, Training(practitioner=practitioner, **(defaults | facts)))


def make_major(session: Session, **facts: Any) -> Major:
    """Social work as an undergraduate major that counts."""
    defaults: dict[str, Any] = {
        "catalogue": Catalogue.UNDERGRADUATE,
        "code": "030302",
        "name": "社会工作",
        "family": MajorFamily.SOCIAL_WORK,
        "counts": True,
        "note": "",
        "valid_from": date(2000, 1, 1),
        "source": "测试",
        "grade": Grade.DESIGN,
    }
    return _added(session, Major(**(defaults | facts)))


def make_staff(session: Session, site: Site, *, qualified: int, other: int) -> list[Practitioner]:
    """So many people with a counting diploma and so many without, all serving the programme at the site."""
    people = [make_practitioner(session) for _ in range(qualified + other)]
    for person in people:
        make_post(session, person, site)
    for person in people[:qualified]:
        make_education(session, person)
    return people


def make_target(session: Session, **facts: Any) -> Target:
    """30% of staff by the end of 2025, in Shanghai."""
    defaults: dict[str, Any] = {
        "figure_code": "qualified-share",
        "division_code": "31",
        "numerator": 3,
        "denominator": 10,
        "valid_from": date(2020, 1, 1),
        "assessed_on": date(2025, 12, 31),
        "source": "测试",
        "grade": Grade.DESIGN,
    }
    return _added(session, Target(**(defaults | facts)))


def make_parameter(session: Session, key: str, value: Any, **facts: Any) -> Parameter:
    """A national parameter in force since 2000."""
    defaults: dict[str, Any] = {
        "division_code": "0",
        "unit": "",
        "title": key,
        "valid_from": date(2000, 1, 1),
        "source": "测试",
        "grade": Grade.DESIGN,
    }
    return _added(session, Parameter(key=key, value=value, **(defaults | facts)))


def make_export_caps(session: Session, *, rows: int = 1000, per_day: int = 10) -> None:
    """One cap for every role."""
    for key in MOST_ROWS.values():
        make_parameter(session, key, rows)
    make_parameter(session, MOST_A_DAY, per_day)


def make_account(session: Session, role: Role = Role.CITY, **facts: Any) -> Account:
    """An account of a role; the city's answers for 31, the others for Huangpu unless the test says otherwise."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "username": f"{role.value}-{number}",
        "name": f"李示例{number}",
        "password_hash": "!",
        "created_at": NOW,
    }
    held = {name: facts.pop(name) for name in ("division_code", "organisation") if name in facts}
    account = _added(session, Account(**(defaults | facts)))
    make_position(session, account, role, **held)
    return account


def make_position(session: Session, account: Account, role: Role = Role.CITY, **facts: Any) -> Position:
    """One more position of an account, held since long ago."""
    if role in ORGANISATION_ROLES and "organisation" not in facts:
        facts["organisation"] = make_organisation(session)
    defaults: dict[str, Any] = {
        "role": role,
        "division_code": "31" if role in (Role.CITY, Role.PROVINCE, *ADMINISTRATORS) else HUANGPU,
        "began_on": date(2020, 1, 1),
        "account": account,
    }
    return _added(session, Position(**(defaults | facts)))


def make_actor(session: Session, role: Role = Role.CITY, **facts: Any) -> Actor:
    """The actor of a fresh account."""
    return Actor.of(make_account(session, role, **facts).positions[0])


def make_question(**facts: Any) -> Question:
    """A briefing on Huangpu as PDF."""
    defaults: dict[str, Any] = {
        "kind": DocumentKind.BRIEFING,
        "figure_code": "qualified-share",
        "rule": StaffRule.ASSIGNED,
        "division_code": HUANGPU,
        "place_name": "黄浦区",
        "on": DAY,
        "basis": Basis.TODAY,
        "annex": Annex.NONE,
        "format": DocumentFormat.PDF,
        "locale": "zh",
    }
    return Question(**(defaults | facts))


def _added(session: Session, record: Record) -> Record:
    session.add(record)
    session.flush()  # the key is needed by whatever is built on top
    return record
