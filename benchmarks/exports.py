"""A made-up export of another system and the register that it is compared with: every fiftieth post differs."""

import csv
from datetime import UTC, date, datetime
from io import StringIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.base import new_codes
from registry.organisations.models import Organisation, OrganisationKind, Site, SiteKind
from registry.reconciliations.models import SourceSystem
from registry.workforce.models import Engagement, Post, Practitioner, Profession

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DISTRICT, STREET = "310101", "310101002"
HEADS = ("人员编号", "姓名", "出生年份", "任职机构", "岗位", "用工形式", "任职日期")
ORGANISATIONS, EVERY = 200, 50
PROFESSIONS = ((Profession.SOCIAL_WORKER, "社会工作者"), (Profession.NURSE, "护士"))
ENGAGEMENTS = ((Engagement.FULL_TIME, "专职"), (Engagement.PART_TIME, "兼职"))


def started(i: int) -> date:
    """The day on which person number `i` began."""
    return date(2018 + i % 8, 1 + i % 12, 1 + i % 28)


def differs(i: int) -> bool:
    """Whether they have another profession for person number `i`."""
    return i % EVERY == 0


def export(rows: int) -> bytes:
    """Their list, as a csv."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADS)
    for i in range(1, rows + 1):
        profession = PROFESSIONS[(i + differs(i)) % 2][1]
        post = (f"示例机构{i % ORGANISATIONS}", profession, ENGAGEMENTS[i % 2][1], started(i).isoformat())
        writer.writerow((f"R{i:07d}", f"示例{i}", 1960 + i % 40, *post))
    return text.getvalue().encode()


def fill(session: Session, people: int) -> None:
    """The register: each of them with one post, and the system that their list is from."""
    same = {"source": "示例", "updated_at": AT}
    organisations = [
        Organisation(
            name=f"示例机构{i}", kind=OrganisationKind.SOCIAL_SERVICE, division_code=STREET, **same,
            sites=[
                Site(
                    code=f"s{i}", name=f"示例站点{i}", kind=SiteKind.REHABILITATION, address="示例路1号",
                    division_code=STREET, located_code=STREET, **same,
                )
            ],
        )
        for i in range(ORGANISATIONS)
    ]  # fmt: skip
    session.add_all(organisations)
    session.add(
        SourceSystem(name="示例系统", keeper="示例", holds="示例", division_code=DISTRICT, updated_at=AT)
    )
    session.flush()
    sites = [one.sites[0].id for one in organisations]
    codes = new_codes(2 * people)
    session.execute(
        sa.insert(Practitioner.__table__), [_person(i, codes[i - 1]) for i in range(1, people + 1)]
    )
    session.execute(
        sa.insert(Post.__table__),
        [_post(i, codes[people + i - 1], sites[i % ORGANISATIONS]) for i in range(1, people + 1)],
    )
    session.commit()


def _person(i: int, code: str) -> dict[str, object]:
    return {
        "id": i, "code": code, "person_no": f"R{i:07d}", "name": f"示例{i}", "birth_year": 1960 + i % 40,
        "source": "示例", "is_example": False, "updated_at": AT, "version": 1,
    }  # fmt: skip


def _post(i: int, code: str, site: int) -> dict[str, object]:
    return {
        "practitioner_id": i, "code": code, "site_id": site, "profession": PROFESSIONS[i % 2][0],
        "engagement": ENGAGEMENTS[i % 2][0], "serves_programme": True, "start_on": started(i), "end_on": None,
    }  # fmt: skip
