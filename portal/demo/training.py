"""Courses that people attended since 2023, and diplomas that wait for the district or came back from it.

Of those who work with the people served most comply with the year's hours, some stand at 16 of 20, and some attended
nothing; a registered social worker has continuing education besides. The provider account's own people show each case.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.accounts import Accounts
from portal.demo.identifiers import public_codes
from portal.demo.named_providers import site_key
from portal.demo.pacing import Story
from portal.demo.writing import Written
from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import SHANGHAI
from registry.policy.queries import working_calendar
from registry.workflow.operations import take_step
from registry.workforce.models import (
    Catalogue,
    Certificate,
    CertificateKind,
    Education,
    EducationForm,
    EducationLevel,
    Post,
    Practitioner,
    Profession,
    Training,
    Verification,
)
from registry.workforce.verifying import EducationStep, Studied, ask_for_verification, report_education
from registry.workforce.writing import Hand

PROVIDER = "one-short"
FIRST_YEAR = 2023
SUBJECTS = (
    "精神障碍社区康复实务",
    "服药训练与复发预防",
    "生活技能训练",
    "危机识别与应急处置",
    "家属沟通与支持",
)
ORGANISERS = ("示例市精神卫生中心", "示例区社会工作协会", "示例康复培训中心")
COMPLIES, FALLS_SHORT = Decimal("0.62"), Decimal("0.82")
"""Shares of a draw: below the first somebody has his 20 hours, below the second 16, above it none."""
NAMED = {"namesake-a": (), "namesake-b": (8, 8), "ended-yesterday": (8, 8, 8)}
"""Hours of this year, course by course, of people whom the table of cases names."""


def write_training(session: Session, written: Written, rng: Random, *, today: date) -> None:
    """Rows of one statement."""
    keys = {number: key for key, number in written.people.items()}
    rows: list[dict[str, Any]] = []
    for person, start_on, end_on in session.execute(_direct_staff()):
        for year in range(max(FIRST_YEAR, start_on.year), today.year + 1):
            last = min(today, end_on - timedelta(days=1) if end_on else today)
            if year <= last.year:
                named = NAMED.get(keys.get(person, "")) if year == today.year else None
                rows += _year(rng, person, year, max(start_on, date(year, 1, 1)), last, named)
    rows += _continuing(session, rng, today)
    codes = public_codes(rng, len(rows))
    unique = {(row["practitioner_id"], row["held_on"], row["subject"]): row for row in rows}
    session.execute(
        sa.insert(Training),
        [row | {"code": code} for row, code in zip(unique.values(), codes, strict=False)],
    )


def _direct_staff() -> sa.Select[int, date, date | None]:
    person, first = Post.practitioner_id, sa.func.min(Post.start_on)
    last = sa.case((sa.func.count(Post.end_on) == sa.func.count(), sa.func.max(Post.end_on)))
    return (
        sa.select(person, first, last).where(Post.direct_service.is_(True)).group_by(person).order_by(person)
    )


def _year(
    rng: Random, person: int, year: int, first: date, last: date, named: tuple[int, ...] | None
) -> list[dict[str, Any]]:
    """The courses of a year, on days on which he was in post; none where he was not for a month."""
    until = min(last, date(year, 12, 31))
    drawn = rng.random()
    hours = named if named is not None else _hours(Decimal(drawn))
    days = (until - first).days
    if days < 30:
        return []
    return [
        {
            "practitioner_id": person,
            "held_on": first + timedelta(days=days * (number + 1) // (len(hours) + 1)),
            "hours": Decimal(length),
            "subject": SUBJECTS[number % len(SUBJECTS)],
            "organiser": rng.choice(ORGANISERS),
            "proof_no": f"示例培{year}-{person:05d}-{number + 1}",
            "is_rehabilitation": True,
            "is_continuing": number == 0,
        }
        for number, length in enumerate(hours)
    ]


def _hours(drawn: Decimal) -> tuple[int, ...]:
    if drawn < COMPLIES:
        return (8, 8, 8)
    return (8, 8) if drawn < FALLS_SHORT else ()


def _continuing(session: Session, rng: Random, today: date) -> list[dict[str, Any]]:
    """One course a year of the registration that runs, of whoever has one."""
    registered = sa.select(Certificate.practitioner_id, Certificate.valid_from).where(
        Certificate.kind == CertificateKind.SOCIAL_WORKER,
        Certificate.valid_from <= today,
        Certificate.valid_to > today,
    )
    rows = []
    for person, valid_from in session.execute(registered.order_by(Certificate.id)):
        first = cast("date", valid_from)
        held_on, number = first + timedelta(days=90), 1
        while held_on <= today:
            rows.append(
                {
                    "practitioner_id": person,
                    "held_on": held_on,
                    "hours": Decimal(rng.choice((24, 30, 32))),
                    "subject": "社会工作者继续教育",
                    "organiser": "示例市社会工作者协会",
                    "proof_no": f"示例继{held_on.year}-{person:05d}-{number}",
                    "is_rehabilitation": False,
                    "is_continuing": True,
                }
            )
            held_on, number = held_on + timedelta(days=365), number + 1
    return rows


def write_loaded_diplomas(session: Session, accounts: Accounts, *, today: date, trail: Trail) -> Story:
    """Those that the city's roster brought unverified wait for the districts in charge."""
    yield _at(today, 6)
    pending = sa.select(Practitioner.person_no).join(Education)
    people = session.scalars(pending.where(Education.verification == Verification.PENDING)).unique().all()
    city = Actor.of(accounts[Role.CITY].positions[0])
    ask_for_verification(session, people, actor=city, at=_at(today, 6), trail=trail)


def write_verifications(
    session: Session, written: Written, accounts: Accounts, *, today: date, trail: Trail
) -> Story:
    """Of the provider account: one diploma came back, two wait since the last days. Gives back the last."""
    maker, officer = (Actor.of(accounts[role].positions[0]) for role in (Role.PROVIDER, Role.DISTRICT))
    supporters, carers = (
        staff(session, written, profession, today)
        for profession in (Profession.PEER_SUPPORTER, Profession.CARE_WORKER)
    )
    calendar = working_calendar(session)

    def report(person: Practitioner, studied: Studied, days: int) -> Any:
        hand = Hand(maker, _at(today, days), trail)
        return report_education(session, person, studied, hand=hand, calendar=calendar)

    yield _at(today, 30)
    wrong = report(supporters[0], _studied("030302", "社会工作", date(2019, 7, 1)), 30)
    yield _at(today, 25)
    take_step(
        session,
        wrong,
        EducationStep.REJECT,
        actor=officer,
        at=_at(today, 25),
        trail=trail,
        calendar=calendar,
        reason="证书编号查不到，姓名用字与登记的不同。请上传原件复印件或学信网查询结果后重新提交。",
    )
    yield _at(today, 2)
    report(supporters[-1], _studied("071102", "应用心理学", date(2018, 7, 1)), 2)
    yield _at(today, 1)
    return report(carers[-1], _studied("030302", "社会工作", date(2026, 7, 1)), 1)


def staff(session: Session, written: Written, profession: Profession, today: date) -> list[Practitioner]:
    """In post today, the oldest record first."""
    sites = [number for key, number in written.sites.items() if key.startswith(site_key(PROVIDER))]
    held = sa.or_(Post.end_on.is_(None), Post.end_on > today)
    people = (
        sa.select(Practitioner).join(Post).where(Post.site_id.in_(sites), Post.profession == profession, held)
    )
    return cast("list[Practitioner]", session.scalars(people.order_by(Practitioner.id)).unique().all())


def _studied(code: str, name: str, obtained_on: date) -> Studied:
    return Studied(
        EducationForm.DIPLOMA,
        EducationLevel.BACHELOR,
        Catalogue.UNDERGRADUATE,
        code,
        name,
        "示例开放大学",
        obtained_on,
        f"示例{obtained_on.year}{code}",
    )


def _at(today: date, days: int) -> datetime:
    """At half past ten of a morning so many days ago."""
    return datetime.combine(today - timedelta(days=days), time(10, 30), SHANGHAI)
