"""Makes people of careers: a name, an age, what they studied, which certificates they hold, and their posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.demo.careers import Career
from portal.demo.chance import drawn
from portal.demo.courses import ANY_COUNTING, COUNTING_COURSES, OTHER_COURSES, STUDIED_BESIDE_WORK
from portal.demo.plan import (
    Course,
    PlannedCertificate,
    PlannedEducation,
    PlannedOrganisation,
    PlannedPerson,
    PlannedPost,
    PlannedSite,
)
from portal.demo.staffing import Placed, Stint
from portal.demo.words import COMPOUND_SURNAMES, GIVEN_NAMES, SCHOOLS, SURNAMES
from registry.workforce.models import (
    CertificateKind,
    EducationForm,
    EducationLevel,
    Engagement,
    Profession,
    Verification,
)

QUALIFIED_PROFESSIONS: tuple[tuple[Profession, int], ...] = (
    (Profession.SOCIAL_WORKER, 50),
    (Profession.COUNSELLOR, 14),
    (Profession.PSYCHIATRIST, 12),
    (Profession.PSYCHOTHERAPIST, 10),
    (Profession.HEAD, 6),
    (Profession.CARE_WORKER, 5),
    (Profession.ADMINISTRATION, 3),
)
OTHER_PROFESSIONS: tuple[tuple[Profession, int], ...] = (
    (Profession.CARE_WORKER, 30),
    (Profession.NURSE, 17),
    (Profession.SOCIAL_WORKER, 16),
    (Profession.ADMINISTRATION, 13),
    (Profession.REHABILITATION_THERAPIST, 12),
    (Profession.PEER_SUPPORTER, 6),
    (Profession.HEAD, 4),
    (Profession.PUBLIC_HEALTH_PHYSICIAN, 2),
)
ENGAGEMENTS = ((Engagement.FULL_TIME, 78), (Engagement.PART_TIME, 14), (Engagement.DISPATCHED, 8))

UNLIMITED = {
    Profession.PSYCHIATRIST: (CertificateKind.PHYSICIAN_LICENCE, "精神卫生专业"),
    Profession.PSYCHOTHERAPIST: (CertificateKind.PSYCHOTHERAPIST, "中级"),
    Profession.REHABILITATION_THERAPIST: (CertificateKind.REHABILITATION_THERAPIST, "初级（师）"),
}
"""Certificates without an end."""

LAST_COUNSELLOR_EXAMINATION = date(2017, 5, 20)
"""The counsellor's certificate left the state list; old ones stay valid as proof."""
LAST_COUNSELLOR_BIRTH_YEAR = 1995

YEARLY_GRADUATION = (7, 1)


@dataclass(frozen=True)
class Workplace:
    """An institution as its staff sees it."""

    organisation: PlannedOrganisation

    def site_for(self, rng: Random, stint: Stint) -> PlannedSite:
        """One of the sites that were open when the stint began; the first one was there from the start."""
        sites = self.organisation.sites
        open_ones = [site for site in sites if site.opened_on <= stint.start_on and site.closed_on is None]
        return rng.choice(open_ones) if open_ones else sites[0]


def person(rng: Random, key: str, placed: Placed, workplaces: Sequence[Workplace]) -> PlannedPerson:
    """The person behind a career, with one post for each stint."""
    career = placed.career
    profession = _profession(rng, career)
    engagement = drawn(rng, ENGAGEMENTS)
    posts = tuple(
        PlannedPost(
            workplaces[stint.institution].site_for(rng, stint).key,
            stint.start_on,
            stint.end_on,
            profession,
            engagement,
        )
        for stint in placed.stints
    )
    birth_year = _birth_year(rng, career, profession)
    education = _education(rng, career, profession, birth_year)
    return PlannedPerson(key, person_name(rng), birth_year, posts, education)


def person_name(rng: Random) -> str:
    """A common surname with a common given name; namesakes do occur."""
    surname = rng.choice(COMPOUND_SURNAMES) if rng.random() < 0.012 else rng.choice(SURNAMES)
    return surname + rng.choice(GIVEN_NAMES)


def _profession(rng: Random, career: Career) -> Profession:
    if career.qualified_on is None:
        return drawn(rng, OTHER_PROFESSIONS)
    studied_later = career.qualified_on > career.start_on
    return Profession.SOCIAL_WORKER if studied_later else drawn(rng, QUALIFIED_PROFESSIONS)


def _birth_year(rng: Random, career: Career, profession: Profession) -> int:
    youngest = (
        27 if profession in (Profession.PSYCHIATRIST, Profession.PSYCHOTHERAPIST, Profession.HEAD) else 24
    )
    return career.start_on.year - round(rng.triangular(youngest, 55, youngest + 8))


def _education(
    rng: Random, career: Career, profession: Profession, birth_year: int
) -> tuple[PlannedEducation, ...]:
    if career.qualified_on is None:
        return other_education(rng, profession, birth_year)
    if career.qualified_on > career.start_on:
        late = rng.choice(STUDIED_BESIDE_WORK)
        obtained_on = career.qualified_on - timedelta(days=rng.randint(15, 60))
        diploma = PlannedEducation(late, obtained_on, career.qualified_on, school=rng.choice(SCHOOLS))
        return (*other_education(rng, profession, birth_year), diploma)
    course = rng.choice(COUNTING_COURSES.get(profession, ANY_COUNTING))
    return counting_education(rng, course, birth_year, verified_by=career.qualified_on)


def counting_education(
    rng: Random, course: Course, birth_year: int, *, verified_by: date
) -> tuple[PlannedEducation, ...]:
    """A diploma verified by a day, mostly with the degree that goes with it."""
    obtained_on = min(graduation(birth_year, course), verified_by - timedelta(days=30))
    verified_on = max(obtained_on, verified_by - timedelta(days=rng.randint(0, 40)))
    school = rng.choice(SCHOOLS)
    diploma = PlannedEducation(course, obtained_on, verified_on, school=school)
    if course.level is EducationLevel.JUNIOR_COLLEGE or rng.random() < 0.35:
        return (diploma,)
    return diploma, PlannedEducation(course, obtained_on, verified_on, EducationForm.DEGREE, school=school)


def other_education(rng: Random, profession: Profession, birth_year: int) -> tuple[PlannedEducation, ...]:
    """A verified diploma of another field, or none at all."""
    course = rng.choice(OTHER_COURSES.get(profession, (None,)))
    if course is None:
        return ()
    obtained_on = graduation(birth_year, course)
    verified_on = max(obtained_on, date(2021, 3, 1)) + timedelta(days=rng.randint(1, 300))
    return (PlannedEducation(course, obtained_on, verified_on, school=rng.choice(SCHOOLS)),)


def unverified_education(rng: Random, today: date, verification: Verification) -> PlannedEducation:
    """A counting diploma that is being verified, or whose verification failed."""
    obtained_on = date(today.year, *YEARLY_GRADUATION) - timedelta(days=rng.choice((0, 0, 365, 731)))
    obtained_on = min(obtained_on, today - timedelta(days=10))
    return PlannedEducation(
        rng.choice(STUDIED_BESIDE_WORK),
        obtained_on,
        None,
        verification=verification,
        school=rng.choice(SCHOOLS),
    )


def graduation(birth_year: int, course: Course) -> date:
    """The first of July of the year in which people of that age finish the course."""
    ages = {EducationLevel.SECONDARY: 18, EducationLevel.JUNIOR_COLLEGE: 21, EducationLevel.MASTER: 25}
    return date(birth_year + ages.get(course.level, 22), *YEARLY_GRADUATION)


def certificates(rng: Random, person: PlannedPerson, today: date) -> tuple[PlannedCertificate, ...]:
    """What goes with the profession; registrations run for three or five years and some end about now."""
    since = person.posts[0].start_on
    profession = person.posts[-1].profession
    if profession in (Profession.SOCIAL_WORKER, Profession.HEAD):
        return _of_social_worker(rng, since, today)
    if profession is Profession.NURSE:
        return (_registered(rng, CertificateKind.NURSE_LICENCE, "执业护士", since, today, years=5),)
    if profession is Profession.COUNSELLOR and person.birth_year < LAST_COUNSELLOR_BIRTH_YEAR:
        return (
            PlannedCertificate(CertificateKind.COUNSELLOR, "三级", LAST_COUNSELLOR_EXAMINATION, None, None),
        )
    if profession in UNLIMITED:
        kind, grade = UNLIMITED[profession]
        return (PlannedCertificate(kind, grade, since - timedelta(days=400), None, None),)
    return ()


def _of_social_worker(rng: Random, since: date, today: date) -> tuple[PlannedCertificate, ...]:
    """Two in three hold one."""
    if rng.random() > 0.66:
        return ()
    grade = drawn(rng, (("助理社会工作师", 52), ("社会工作师", 44), ("高级社会工作师", 4)))
    return (_registered(rng, CertificateKind.SOCIAL_WORKER, grade, since, today, years=3),)


def _registered(
    rng: Random, kind: CertificateKind, grade: str, since: date, today: date, *, years: int
) -> PlannedCertificate:
    """The registration that is in force or has just ended; it began whole years before its end."""
    valid_to = today + timedelta(days=rng.randint(-45, years * 365))
    valid_from = valid_to.replace(year=valid_to.year - years, day=min(valid_to.day, 28))
    return PlannedCertificate(kind, grade, min(since, valid_from), valid_from, valid_to)
