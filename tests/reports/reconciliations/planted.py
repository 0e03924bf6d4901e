"""A district with 330 people, and exports of three systems about them: what differs was planted and is known.

Everything that looks different and is not (widths, blanks, ways to write a day, words of theirs, divisions before a
name) is strewn over all other cells. Nothing here asks the code that is tested.
"""

import csv
import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import xlsxwriter
from sqlalchemy.orm import Session

from registry.organisations.models import Site
from registry.sealing.keyring import KeyRing
from registry.workforce.models import (
    Catalogue,
    Certificate,
    CertificateKind,
    Education,
    EducationForm,
    EducationLevel,
    Engagement,
    Post,
    Practitioner,
    Profession,
    Verification,
)
from tests.factories import NOW, make_division, make_organisation, make_site
from tests.reports.workbooks.legacy_files import xls
from tests.sealing import identity_number, seal_identity

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛"
GIVEN = "安博晨达恩帆刚海佳凯兰明宁鹏清然思涛文熙雅泽" + "芳桂红静娟莉梅娜琴荣淑婷薇霞燕英玉珍"
PEOPLE, INSTITUTIONS = 330, 15
PROFESSIONS = {
    Profession.SOCIAL_WORKER: ("社会工作者", "社工", "社工师", "专业社工"),
    Profession.NURSE: ("护士", "注册护士", "护理人员"),
    Profession.PSYCHIATRIST: ("精神科医师", "精神科医生", "医师"),
    Profession.REHABILITATION_THERAPIST: ("康复治疗师", "康复师"),
    Profession.CARE_WORKER: ("生活辅导员", "护理员"),
}
ENGAGEMENTS = {
    Engagement.FULL_TIME: ("专职", "全职", "专职人员"),
    Engagement.PART_TIME: ("兼职", "兼职人员", "非全日制"),
    Engagement.DISPATCHED: ("派遣", "劳务派遣"),
}
LEVELS = {
    EducationLevel.MASTER: ("硕士研究生", "硕士", "研究生"),
    EducationLevel.BACHELOR: ("本科", "大学本科", "大学"),
    EducationLevel.JUNIOR_COLLEGE: ("专科", "大专"),
}
GRADES = {
    "助理社会工作师": ("助理社会工作师", "助理社工师", "初级"),
    "社会工作师": ("社会工作师", "中级", "社工师"),
}
MAJORS = ("社会工作", "应用心理学", "护理学", "康复治疗学", "社会学")


@dataclass(frozen=True)
class Somebody:
    """One person as the register knows him; a foreign row says the same, or what was planted."""

    number: int
    name: str
    born: date
    identity: str
    phone: str
    institution: str
    profession: Profession
    engagement: Engagement
    start_on: date
    level: EducationLevel
    major: str
    school: str
    certificate: str
    grade: str
    valid_to: date

    @property
    def person_no(self) -> str:
        return f"示例-{self.number:04d}"


@dataclass
class Export:
    """One foreign file, and what of it is a difference."""

    file_name: str
    data: bytes
    differences: set[tuple[str, str]] = field(default_factory=set)
    """Register number and field."""
    likely: set[tuple[str, str]] = field(default_factory=set)
    only_theirs: set[str] = field(default_factory=set)
    only_ours: set[str] = field(default_factory=set)
    ambiguous: set[str] = field(default_factory=set)
    unreadable: int = 0
    rows: int = 0


def district(dice: random.Random) -> list[Somebody]:
    """The people; no two have a name and a year of birth in common."""
    people: list[Somebody] = []
    seen: set[tuple[str, int]] = set()
    while len(people) < PEOPLE:
        name = dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, dice.choice((1, 2, 2))))
        born = date(1960, 1, 1) + timedelta(days=dice.randrange(14_000))
        if (name, born.year) in seen:
            continue
        seen.add((name, born.year))
        number = len(people) + 1
        people.append(
            Somebody(
                number,
                name,
                born,
                identity_number(number, born=f"{born:%Y%m%d}"),
                f"154{number:08d}",
                f"示例{'甲乙丙丁戊己庚辛壬癸子丑寅卯辰'[number % INSTITUTIONS]}区康复服务中心",
                dice.choice(list(PROFESSIONS)),
                dice.choice(list(ENGAGEMENTS)),
                date(2018, 1, 1) + timedelta(days=dice.randrange(2_500)),
                dice.choice(list(LEVELS)),
                dice.choice(MAJORS),
                f"示例{dice.choice(('师范', '医科', '理工'))}大学",
                f"SW{number:010d}",
                dice.choice(list(GRADES)),
                date(2027, 1, 1) + timedelta(days=dice.randrange(900)),
            )
        )
    return people


def register(session: Session, ring: KeyRing, people: Sequence[Somebody]) -> None:
    """Everybody with a post, a diploma and a certificate, in Huangpu of Shanghai."""
    for code, name in (("31", "上海市"), ("310101", "黄浦区"), ("310101002", "南京东路街道")):
        make_division(session, code, name=name)
    sites: dict[str, Site] = {}
    for one in people:
        if one.institution not in sites:
            sites[one.institution] = make_site(session, make_organisation(session, name=one.institution))
    for one in people:
        person = Practitioner(
            person_no=one.person_no,
            name=one.name,
            birth_year=one.born.year,
            source="测试",
            updated_at=NOW,
            posts=[
                Post(
                    site=sites[one.institution],
                    profession=one.profession,
                    engagement=one.engagement,
                    serves_programme=True,
                    start_on=one.start_on,
                )
            ],
            education=[
                Education(
                    form=EducationForm.DIPLOMA,
                    level=one.level,
                    catalogue=Catalogue.UNDERGRADUATE,
                    major_code="030302",
                    major_name=one.major,
                    school=one.school,
                    obtained_on=date(2010, 7, 1),
                    verification=Verification.PENDING,
                )
            ],
            certificates=[
                Certificate(
                    kind=CertificateKind.SOCIAL_WORKER,
                    grade=one.grade,
                    number=one.certificate,
                    issued_on=date(2015, 6, 1),
                    valid_from=date(2020, 1, 1),
                    valid_to=one.valid_to,
                )
            ],
        )
        session.add(person)
    session.flush()
    for person in session.query(Practitioner):
        one = people[int(person.person_no[-4:]) - 1]
        seal_identity(session, ring, person, identity=one.identity, phone=one.phone)


Write = Callable[[Somebody, random.Random], Any]


def wide(text: str) -> str:
    """Full-width letters and digits."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def strewn(text: str, dice: random.Random) -> str:
    """The same with blanks around it, or in full width."""
    return dice.choice((text, text, f" {text}", f"{text}　", wide(text)))


def as_day(on: date, dice: random.Random, *, has_cells: bool) -> Any:
    """The same day, written in one of many ways; a spreadsheet has days that are numbers."""
    ways: list[Any] = [
        on.isoformat(),
        f"{on:%Y/%m/%d}",
        f"{on.year}.{on.month}.{on.day}",
        f"{on.year}年{on.month}月{on.day}日",
        f"{on:%Y%m%d}",
        wide(on.isoformat()),
        f"{on.year}年{on.month}月",
        f"{on.year}.{on.month}",
    ]
    if has_cells:
        ways += [(on - date(1899, 12, 30)).days, float((on - date(1899, 12, 30)).days)] * 2
    return dice.choice(ways)


def as_name(one: Somebody, dice: random.Random) -> str:
    spread = " ".join(one.name) if len(one.name) == 2 else one.name
    return dice.choice((one.name, one.name, f"{one.name} ", spread, f"　{one.name}", "　".join(one.name)))


def as_identity(one: Somebody, dice: random.Random) -> str:
    number = one.identity
    grouped = f"{number[:6]} {number[6:14]} {number[14:]}"
    return dice.choice((number, number, number.lower(), wide(number), grouped, f"{number}\u200b "))


def as_institution(name: str, dice: random.Random) -> str:
    return dice.choice((name, name, f"上海市黄浦区{name}", f"上海{name}", f"黄浦区{name}", f"{name} "))


HEADS: Mapping[str, tuple[str, Write, str]] = {
    "name": ("姓名", as_name, "name"),
    "born": ("出生日期", lambda one, dice: one.born, "birth_year"),
    "identity": ("公民身份号码", as_identity, "identity_number"),
    "phone": ("手机号码", lambda one, dice: strewn(one.phone, dice), "phone"),
    "institution": ("单位名称", lambda one, dice: as_institution(one.institution, dice), "institution"),
    "profession": (
        "岗位名称",
        lambda one, dice: strewn(dice.choice(PROFESSIONS[one.profession]), dice),
        "profession",
    ),
    "engagement": ("用工性质", lambda one, dice: dice.choice(ENGAGEMENTS[one.engagement]), "engagement"),
    "start_on": ("入职日期", lambda one, dice: one.start_on, "start_on"),
    "level": ("最高学历", lambda one, dice: dice.choice(LEVELS[one.level]), "level"),
    "major": ("所学专业", lambda one, dice: strewn(one.major, dice), "major_name"),
    "school": ("毕业院校", lambda one, dice: strewn(one.school, dice), "school"),
    "certificate": ("证书编号", lambda one, dice: strewn(one.certificate, dice), "certificate_number"),
    "grade": ("证书等级", lambda one, dice: dice.choice(GRADES[one.grade]), "grade"),
    "valid_to": ("有效期至", lambda one, dice: one.valid_to - timedelta(days=1), "valid_to"),
}
"""By what is known of somebody: the head of their column, how they write it, and the field of ours."""

PLANTS: Mapping[str, Callable[[Somebody, random.Random], Any]] = {
    "name": lambda one, dice: one.name + "某",
    "born": lambda one, dice: date(one.born.year + 1, 6, 1),
    "phone": lambda one, dice: f"155{one.number:08d}",
    "institution": lambda one, dice: one.institution.replace("示例", "示范"),
    "profession": lambda one, dice: dice.choice([x for x in PROFESSIONS if x is not one.profession]),
    "engagement": lambda one, dice: dice.choice([x for x in ENGAGEMENTS if x is not one.engagement]),
    "start_on": lambda one, dice: one.start_on + timedelta(days=400),
    "level": lambda one, dice: dice.choice([x for x in LEVELS if x is not one.level]),
    "major": lambda one, dice: dice.choice([x for x in MAJORS if x != one.major]),
    "school": lambda one, dice: one.school + "分校",
    "certificate": lambda one, dice: f"SW9{one.number:09d}",
    "grade": lambda one, dice: dice.choice([x for x in GRADES if x != one.grade]),
    "valid_to": lambda one, dice: one.valid_to + timedelta(days=365),
}
"""What really differs."""


def export(
    people: Sequence[Somebody],
    columns: Sequence[str],
    dice: random.Random,
    *,
    file_name: str,
    planted_each: int,
    absent: int = 6,
    strangers: int = 5,
) -> Export:
    """Their file: the people in another order, some missing, some unknown to us, and differences in every column."""
    made = Export(file_name, b"")
    order = list(people)
    dice.shuffle(order)
    made.only_ours = {one.person_no for one in order[:absent]}
    listed = order[absent:]
    told: dict[int, Somebody] = {one.number: one for one in listed}
    by_identity = "identity" in columns
    for key in columns:
        if key not in PLANTS or (not by_identity and key in ("name", "born", "certificate")):
            continue  # whoever is found by his name and year is another person under another name
        for one in dice.sample(listed, planted_each):
            told[one.number] = replace(told[one.number], **{key: PLANTS[key](one, dice)})
            made.differences.add((one.person_no, HEADS[key][2]))
    unplanted = [one for one in listed if told[one.number] == one]
    for one in unplanted[:4]:
        short = one.institution.replace("康复服务中心", "康复中心")
        told[one.number] = replace(one, institution=short)
        made.likely.add((one.person_no, "institution"))
    rows = [_row(told[one.number], columns, dice, file_name) for one in listed]
    for one in unplanted[4:7]:
        row = rows[listed.index(one)]
        row[columns.index("major")] = ""
        made.differences.add((one.person_no, "major_name"))
    for number in range(strangers):
        stranger = replace(
            people[number],
            number=9000 + number,
            name=f"欧阳外{number}",
            identity=identity_number(900 + number, born="19700101"),
            born=date(1970, 1, 1),
            certificate=f"XX{number:010d}",
        )
        made.only_theirs.add(stranger.name)
        rows.append(_row(stranger, columns, dice, file_name, is_clean=True))
    if by_identity and "born" in columns:
        twin = unplanted[8]
        other = replace(twin, identity=identity_number(990, born=f"{twin.born:%Y%m%d}"), certificate="XX9")
        # The twin himself is not on their list: somebody of his name and year is.
        rows[listed.index(twin)] = _row(other, columns, dice, file_name, is_clean=True)
        made.ambiguous.add(twin.name)
    rows.append([("合计" if place == len(columns) - 1 else "") for place in range(len(columns))])
    made.unreadable = 1
    made.rows = len(rows)
    heads = [HEADS[key][0] for key in columns]
    made.data = _written([heads, *rows], file_name)
    return made


def _row(
    one: Somebody, columns: Sequence[str], dice: random.Random, file_name: str, *, is_clean: bool = False
) -> list[Any]:
    cells: list[Any] = []
    for key in columns:
        value = getattr(one, key) if is_clean and key in ("name", "identity") else HEADS[key][1](one, dice)
        if isinstance(value, date):
            value = as_day(value, dice, has_cells=not file_name.endswith(".csv"))
        cells.append(value)
    return cells


def _written(rows: Sequence[Sequence[Any]], file_name: str) -> bytes:
    if file_name.endswith(".csv"):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        return text.getvalue().encode("gb18030")
    if file_name.endswith(".xls"):
        return xls(rows)
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet("导出")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, place, cell)
            else:
                sheet.write(number, place, cell)
    book.close()
    return data.getvalue()
