"""A blank says nothing: what is typed is judged and written beside what the register knows."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from registry.intake.declaration import Outcome
from registry.intake.kinds.sites import SITES
from registry.intake.preview import preview
from registry.organisations.models import Site
from registry.workforce.models import Practitioner, Verification
from tests.factories import (
    make_certificate,
    make_division,
    make_education,
    make_organisation,
    make_post,
    make_practitioner,
    make_site,
)
from tests.registry.intake.tables import context, said, table_of
from tests.registry.intake.test_practitioners import CERTIFICATE, EDUCATION, loaded, row, seen


@pytest.fixture
def site(session: Session) -> Site:
    return make_site(session, make_organisation(session))


@pytest.fixture
def person(session: Session, site: Site) -> Practitioner:
    """Known with a post that has ended, a verified diploma, and a certificate registered from 2020 on."""
    person = make_practitioner(session, person_no="示例-0001", name="示例甲")
    make_post(session, person, site, start_on=date(2020, 1, 1), end_on=date(2023, 1, 1))
    make_education(session, person, verified_on=date(2020, 3, 1))
    make_certificate(
        session, person, number="示例0001", valid_from=date(2020, 1, 1), valid_to=date(2028, 1, 1)
    )
    return person


def test_a_diploma_that_was_verified_by_mistake_can_be_rejected(
    session: Session, site: Site, person: Practitioner
) -> None:
    rejected = EDUCATION | {"核验情况": "核验未通过", "核验日期": ""}

    loaded(session, table_of(row(site) | rejected))

    (diploma,) = person.education
    assert (diploma.verification, diploma.verified_on) == (Verification.REJECTED, None)


def test_two_rows_of_one_known_post_agree_in_their_blanks(
    session: Session, site: Site, person: Practitioner
) -> None:
    second = CERTIFICATE | {"证书编号": "示例0002"}

    found = seen(session, table_of(row(site) | CERTIFICATE | {"证书编号": "示例0003"}, row(site) | second))

    assert not found.errors, said(found.errors)
    assert [judged.outcome for judged in found.judged] == [Outcome.CREATE, Outcome.CREATE]


def test_a_registration_that_would_end_before_it_began_is_named_before_the_load(
    session: Session, site: Site, person: Practitioner
) -> None:
    ends_only = CERTIFICATE | {"有效期起": "", "有效期止": "2019-06-01"}

    found = seen(session, table_of(row(site) | ends_only))

    assert [problem.header for problem in found.errors] == ["有效期止"]


def test_a_site_that_would_close_before_it_opened_is_named_before_the_load(session: Session) -> None:
    for code in ("31", "3101", "310101"):
        make_division(session, code)
    known = make_site(session, make_organisation(session), division_code="310101", opened_on=date(2020, 1, 1))
    file = table_of(
        {
            "机构名称": known.organisation.name,
            "站点编号": known.code,
            "站点名称": known.name,
            "类型": "社区康复点",
            "所在区划": "310101",
            "停用日期": "2019-12-31",
        }
    )

    found = preview(session, SITES, file, context())

    assert [problem.header for problem in found.errors] == ["停用日期"]
