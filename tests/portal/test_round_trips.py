"""往返文件 on the pages: taken out with a purpose, changed, brought back, compared, chosen, loaded."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.intake.models import IntakeRun, IntakeState
from registry.organisations.models import Site
from registry.policy.loading import load_policy
from registry.policy.models import Parameter
from registry.workforce.models import Engagement, Practitioner
from tests.factories import make_education, make_post, make_practitioner, make_provider
from tests.portal.people_files import taken
from tests.portal.polite import Polite
from tests.reports.figures.worlds import lay_out_city

SignIn = Callable[..., Actor]
PEOPLE, SITES = "/intake/round-trip/practitioners", "/intake/round-trip/sites"


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_city(session)
    load_policy(session)
    site = make_provider(session)
    for number, name in enumerate(("欧阳小明", "张示例"), start=1):
        person = make_practitioner(session, person_no=f"示例-{number}", name=name)
        make_post(session, person, site)
        make_education(session, person)
    session.commit()
    return site


class Book:
    """A workbook as somebody edits it."""

    def __init__(self, data: bytes) -> None:
        self.book = openpyxl.load_workbook(BytesIO(data))
        self.sheet: Any = self.book.worksheets[0]
        self.heads = {str(cell.value).rstrip("*"): cell.column for cell in self.sheet[1]}

    def row_of(self, number: str) -> int:
        return next(
            row for row in range(2, self.sheet.max_row + 1) if self.sheet.cell(row, 1).value == number
        )

    def put(self, row: int, head: str, value: Any) -> None:
        self.sheet.cell(row, self.heads[head]).value = value

    def said(self, row: int, head: str) -> Any:
        return self.sheet.cell(row, self.heads[head]).value

    @property
    def data(self) -> bytes:
        kept = BytesIO()
        self.book.save(kept)
        return kept.getvalue()


def back(client: FlaskClient, kind: str, data: bytes) -> str:
    token = Polite(client).get(f"/intake/{kind}").form("上传并预检").find(".//*[@name='csrf_token']")
    assert token is not None
    form = {"csrf_token": token.get("value"), "file": (BytesIO(data), "改后.xlsx"), "crs": "gcj02"}
    answer = client.post(f"/intake/{kind}", data=form)
    assert answer.status_code == 303
    return answer.headers["Location"]


def person(session: Session, number: str) -> Practitioner:
    session.expire_all()
    return session.scalars(sa.select(Practitioner).where(Practitioner.person_no == number)).one()


def run_of(session: Session) -> IntakeRun:
    session.expire_all()
    return session.scalars(sa.select(IntakeRun).order_by(IntakeRun.id.desc()).limit(1)).one()


def test_people_go_out_in_the_columns_of_the_template_with_a_purpose_and_an_entry(
    sign_in: SignIn, client: FlaskClient, site: Site, session: Session
):
    sign_in(Role.PROVIDER, organisation=site.organisation)

    book = Book(taken(client, PEOPLE).data)

    blank = Book(client.get("/intake/practitioners/template.xlsx").data)
    assert list(book.heads) == list(blank.heads)
    assert book.book["_base"].sheet_state == "veryHidden"
    row = book.row_of("示例-1")
    assert [book.said(row, head) for head in ("姓名", "岗位", "用工形式", "学历层次", "身份证号")] == [
        "欧阳小明",
        "社会工作者",
        "专职",
        "本科",
        None,
    ]
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "practitioner.export")).one()
    assert (entry.facts["rows"], entry.facts["format"]) == (2, "xlsx")
    assert entry.facts["round_trip"]


def test_a_cap_counts_people_and_not_rows(sign_in: SignIn, client: FlaskClient, site: Site, session: Session):
    for major in ("050101", "050201"):
        make_education(session, person(session, "示例-1"), major_code=major)
    cap = sa.update(Parameter).where(Parameter.key == "export.rows.provider")
    session.execute(cap.values(value="2"))
    session.commit()
    sign_in(Role.PROVIDER, organisation=site.organisation)

    assert Book(taken(client, PEOPLE).data).sheet.max_row == 1 + 3 + 1


def test_who_sees_masked_names_takes_nobody_out(sign_in: SignIn, polite: Polite, site: Site):
    for role in (Role.CITY, Role.STREET, Role.HR):
        sign_in(role)
        polite.get(PEOPLE, status=403)
        assert "改后导回" not in polite.get("/workforce").main


def test_an_unchanged_file_changes_nothing(sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site):
    sign_in(Role.PROVIDER, organisation=site.organisation)

    page = polite.get(back(client, "practitioners", taken(client, PEOPLE).data))

    assert "完全相同" in page.main
    assert "三方比对" not in page.main


def test_a_conflict_is_shown_chosen_and_loaded(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site, session: Session
):
    sign_in(Role.PROVIDER, organisation=site.organisation)
    book = Book(taken(client, PEOPLE).data)
    first, second = book.row_of("示例-1"), book.row_of("示例-2")
    book.put(first, "姓名", "欧阳晓明")
    book.put(second, "用工形式", "兼职")
    person(session, "示例-1").name = "欧阳小敏"
    session.commit()
    person(session, "示例-2").birth_year = 1989
    session.commit()

    address = back(client, "practitioners", book.data)
    page = polite.get(address)
    assert run_of(session).state is IntakeState.REFUSED
    polite.post(f"{address}/commit", {}, status=400)

    compared = polite.follow(page, "查看三方比对")
    assert "欧阳小敏" in compared.main
    assert "欧阳晓明" in compared.main
    assert [row[:3] + row[4:] for row in compared.rows] == [
        ["示例-2", "任职", "用工形式", "专职", "兼职"],
        ["示例-2", "人员基本信息", "出生年份", "1989", "1990"],
    ]
    unsure = polite.submit(compared, {}, button="按选择重新预检", status=200)
    assert "还有 1 处没有选择" in unsure.main
    chosen = polite.submit(compared, {"rest": "file"}, button="按选择重新预检")
    polite.submit(chosen, button="导入 2 行")

    assert (person(session, "示例-1").name, person(session, "示例-2").birth_year) == ("欧阳晓明", 1989)
    assert person(session, "示例-2").posts[0].engagement is Engagement.PART_TIME
    facts = [entry.facts for entry in session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))]
    assert [(one["conflicts"], one["file"]) for one in facts if "conflicts" in one] == [(1, 1)]


def test_the_register_s_side_of_a_conflict_stays(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site, session: Session
):
    sign_in(Role.PROVIDER, organisation=site.organisation)
    book = Book(taken(client, PEOPLE).data)
    book.put(book.row_of("示例-1"), "姓名", "欧阳晓明")
    person(session, "示例-1").name = "欧阳小敏"
    session.commit()
    address = back(client, "practitioners", book.data)

    polite.submit(polite.get(f"{address}/differences"), {"rest": "register"}, button="按选择重新预检")

    assert "完全相同" in polite.get(address).main
    assert person(session, "示例-1").name == "欧阳小敏"


def test_what_the_register_changes_after_the_choice_is_not_overwritten(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site, session: Session
):
    sign_in(Role.PROVIDER, organisation=site.organisation)
    book = Book(taken(client, PEOPLE).data)
    book.put(book.row_of("示例-1"), "姓名", "欧阳晓明")
    address = back(client, "practitioners", book.data)
    assert run_of(session).state is IntakeState.PREVIEWED
    person(session, "示例-1").name = "欧阳小敏"
    session.commit()

    polite.post(f"{address}/commit", {}, status=400)

    assert person(session, "示例-1").name == "欧阳小敏"


def test_a_file_that_another_organisation_took_out_is_refused(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site, session: Session
):
    sign_in(Role.DISTRICT)
    data = taken(client, PEOPLE).data
    sign_in(Role.PROVIDER, organisation=site.organisation)

    page = polite.get(back(client, "practitioners", data))

    assert "其他单位" in page.main
    assert run_of(session).state is IntakeState.REFUSED


def test_the_annotated_copy_of_a_file_still_knows_what_was_taken_out(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site, session: Session
):
    sign_in(Role.PROVIDER, organisation=site.organisation)
    book = Book(taken(client, PEOPLE).data)
    book.put(book.row_of("示例-1"), "用工形式", "临时")
    address = back(client, "practitioners", book.data)
    person(session, "示例-2").birth_year = 1989
    session.commit()

    copy = Book(client.get(f"{address}/annotated").data)
    copy.put(copy.row_of("示例-1"), "用工形式", "兼职")
    polite.submit(polite.get(back(client, "practitioners", copy.data)), button="导入 1 行")

    assert person(session, "示例-2").birth_year == 1989


def test_sites_go_out_and_come_back_in_wgs84_whatever_is_said_beside_them(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site, session: Session
):
    site.latitude, site.longitude, site.precision = 31.2304567, 121.4737123, "exact"
    session.commit()
    sign_in(Role.DISTRICT)
    book = Book(client.get(SITES).data)
    codes = [book.said(row, "站点编号") for row in range(2, book.sheet.max_row + 1)]
    assert site.code in codes
    row = 2 + codes.index(site.code)
    book.put(row, "停用日期", "2027-01-01")

    polite.submit(polite.get(back(client, "sites", book.data)), button="导入 1 行")

    session.expire_all()
    assert (str(site.closed_on), site.latitude) == ("2027-01-01", 31.2304567)


def test_a_provider_takes_its_own_sites_out(
    sign_in: SignIn, client: FlaskClient, site: Site, session: Session
):
    make_provider(session)
    session.commit()
    sign_in(Role.PROVIDER, organisation=site.organisation)

    book = Book(client.get(SITES).data)

    assert [book.said(row, "站点编号") for row in range(2, book.sheet.max_row + 1)] == [site.code]


@pytest.mark.parametrize("url", [PEOPLE, SITES])
def test_there_is_no_csv_of_it(sign_in: SignIn, polite: Polite, site: Site, url: str):
    sign_in(Role.PROVIDER, organisation=site.organisation)
    polite.get(f"{url}?format=csv", status=400)


def test_cells_that_were_saved_anew_are_said_to_be_loaded_already(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site
):
    sign_in(Role.PROVIDER, organisation=site.organisation)
    book = Book(taken(client, PEOPLE).data)
    book.put(book.row_of("示例-1"), "用工形式", "兼职")
    polite.submit(polite.get(back(client, "practitioners", book.data)), button="导入 1 行")
    book.book.properties.title = "另存"

    page = polite.get(back(client, "practitioners", book.data))

    assert "内容完全相同的文件（《改后.xlsx》，只是另存过）已在" in page.main
