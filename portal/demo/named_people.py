"""The people of the named cases, written out one by one, and the groups that a case rests on."""

from datetime import date, timedelta
from random import Random

from portal.demo.courses import (
    ACCOUNTING,
    APPLIED_PSYCHOLOGY_MASTER,
    NURSING,
    PSYCHIATRY,
    PSYCHOLOGY,
    SOCIAL_WORK,
    SOCIOLOGY,
)
from portal.demo.named_providers import site_key
from portal.demo.people import counting_education, other_education, person_name
from portal.demo.plan import Course, PlannedCertificate, PlannedEducation, PlannedPerson, PlannedPost
from registry.periods import months_after
from registry.workforce.models import CertificateKind, EducationForm, Engagement, Profession, Verification

VERIFIED_ON = date(2021, 4, 12)
FOUND_WRONG = PlannedEducation(SOCIAL_WORK, date(2025, 7, 1), None, verification=Verification.REJECTED)
"""The diploma that was verified on 2025-11-10 and turned out not to be genuine in March 2026."""
FOUND_WRONG_VERIFIED_ON = date(2025, 11, 10)


def diploma(course: Course, year: int) -> PlannedEducation:
    """A diploma that was verified before the first reading."""
    return PlannedEducation(course, date(year, 7, 1), max(VERIFIED_ON, date(year, 9, 15)))


def post(
    provider: str, start: str, profession: Profession, end_on: date | None = None, *, part_time: bool = False
) -> PlannedPost:
    """A post at the first site of a named provider."""
    engagement = Engagement.PART_TIME if part_time else Engagement.FULL_TIME
    return PlannedPost(site_key(provider), date.fromisoformat(start), end_on, profession, engagement)


def nurse_licence(today: date, days: int) -> PlannedCertificate:
    """A registration that ends in so many days; it makes nobody a certified social worker."""
    ends = today + timedelta(days=days)
    since = ends.replace(year=ends.year - 5, day=min(ends.day, 28))
    return PlannedCertificate(CertificateKind.NURSE_LICENCE, "执业护士", since, since, ends)


def named_people(today: date) -> tuple[PlannedPerson, ...]:
    """One person after the other; the keys are those of the table of cases."""
    return (
        *_shared(),
        *_with_open_questions(today),
        *_with_telling_names(today),
        *_of_the_provider_account(today),
    )


def _shared() -> tuple[PlannedPerson, ...]:
    counsellor, nurse = Profession.COUNSELLOR, Profession.NURSE
    return (
        PlannedPerson(
            "shared-city", "马睿", 1988,
            (post("shared-a", "2022-05-01", counsellor), post("shared-b", "2025-02-01", counsellor, part_time=True)),
            (diploma(APPLIED_PSYCHOLOGY_MASTER, 2014),),
        ),
        PlannedPerson(
            "shared-district", "蒋文静", 1990,
            (post("shared-b", "2022-09-01", nurse), post("shared-c", "2024-03-01", nurse, part_time=True)),
            (diploma(NURSING, 2011),),
        ),
    )  # fmt: skip


def _with_open_questions(today: date) -> tuple[PlannedPerson, ...]:
    social_worker = Profession.SOCIAL_WORKER
    pending = PlannedEducation(
        SOCIAL_WORK, today - timedelta(days=145), None, verification=Verification.PENDING
    )
    degree = PlannedEducation(PSYCHOLOGY, date(2016, 7, 1), VERIFIED_ON, EducationForm.DEGREE)
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=15)
    return (
        PlannedPerson(
            "being-verified", "周慧敏", 1993, (post("being-verified", "2022-04-01", social_worker),),
            (diploma(ACCOUNTING, 2014), pending),
        ),
        PlannedPerson(
            "degree-only", "钟立群", 1994, (post("degree-only", "2022-03-01", Profession.COUNSELLOR),), (degree,)
        ),
        PlannedPerson(
            "ends-next-month", "高秀英", 1971, (post("ends-next-month", "2019-05-01", Profession.HEAD, next_month),),
            (diploma(SOCIAL_WORK, 1998),),
        ),
        PlannedPerson("rejected", "郑晓东", 1991, (post("corrected", "2022-06-01", social_worker),), (FOUND_WRONG,)),
        PlannedPerson(
            "entered-late", "何佳怡", 1996, (post("corrected", "2025-12-01", Profession.CARE_WORKER),),
            (diploma(SOCIOLOGY, 2019),),
        ),
    )  # fmt: skip


def _with_telling_names(today: date) -> tuple[PlannedPerson, ...]:
    return (
        PlannedPerson(
            "rare-zhe", "吉喆", 1992, (post("shared-c", "2021-09-01", Profession.SOCIAL_WORKER),),
            (diploma(SOCIAL_WORK, 2015),),
        ),
        PlannedPerson(
            "rare-kun", "陶堃", 1987, (post("shared-c", "2022-01-04", Profession.CARE_WORKER),), (),
            (nurse_licence(today, 160),),
        ),
        PlannedPerson(
            "middle-dot", "阿依古丽·买买提", 1986, (post("strong", "2021-10-08", Profession.PSYCHIATRIST),),
            (diploma(PSYCHIATRY, 2010),),
        ),
    )  # fmt: skip


def _of_the_provider_account(today: date) -> tuple[PlannedPerson, ...]:
    since = today.replace(year=today.year - 3, day=1)
    late = months_after(since, -6)
    ended = PlannedCertificate(
        CertificateKind.SOCIAL_WORKER,
        "社会工作师",
        date(2017, 9, 1),
        since,
        today,
        renewed=((months_after(late, -36), late),),
    )
    return (
        PlannedPerson(
            "namesake-a", "王芳", 1985, (post("one-short", "2021-07-01", Profession.HEAD),),
            (diploma(SOCIAL_WORK, 2008),), (nurse_licence(today, 80),),
        ),
        PlannedPerson(
            "namesake-b", "王芳", 1992, (post("one-short", "2022-10-08", Profession.CARE_WORKER),), (),
            (nurse_licence(today, 25),),
        ),
        PlannedPerson(
            "ended-yesterday", "许国强", 1980, (post("one-short", "2021-08-01", Profession.SOCIAL_WORKER),),
            (diploma(SOCIOLOGY, 2003),), (ended,),
        ),
    )  # fmt: skip


def groups(rng: Random, today: date) -> list[PlannedPerson]:
    """The other businesses of the two mixed-purpose hospitals, and the volunteers of the site that has only them."""
    return [
        *_other_business(rng, "mixed", 96, qualified=10),
        *_other_business(rng, "mixed-reverse", 28, qualified=12),
        *(_volunteer(rng, i, today) for i in range(9)),
    ]


def _other_business(rng: Random, provider: str, staff: int, *, qualified: int) -> list[PlannedPerson]:
    """On the books since before the first reading, assigned to another business."""
    people = []
    for i in range(staff):
        profession = (
            Profession.PSYCHIATRIST
            if i < qualified
            else rng.choice((Profession.NURSE, Profession.CARE_WORKER))
        )
        start_on = date(2017, 1, 4) + timedelta(days=rng.randint(0, 1500))
        birth_year = start_on.year - rng.randint(27, 48)
        education = (
            counting_education(rng, PSYCHIATRY, birth_year, verified_by=start_on)
            if i < qualified
            else other_education(rng, profession, birth_year)
        )
        held = PlannedPost(site_key(provider), start_on, profession=profession, serves_programme=False)
        people.append(PlannedPerson(f"{provider}-b{i:02}", person_name(rng), birth_year, (held,), education))
    return people


def _volunteer(rng: Random, number: int, today: date) -> PlannedPerson:
    """The first two hold a counting diploma: volunteers are outside the rule whatever they studied."""
    start_on = today - timedelta(days=rng.randint(100, 800))
    birth_year = today.year - rng.randint(24, 66)
    held = PlannedPost(
        site_key("volunteers-only"),
        start_on,
        profession=Profession.VOLUNTEER,
        engagement=Engagement.VOLUNTEER,
    )
    education = counting_education(rng, SOCIAL_WORK, birth_year, verified_by=start_on) if number < 2 else ()
    return PlannedPerson(f"volunteers-only-{number}", person_name(rng), birth_year, (held,), education)
