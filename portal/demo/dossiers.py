"""Charities and associations on file: two lists of the registrar, what the district made of them, and a merger.

Every case that the pages must show stands once: a year that is not full, no certificate, a revoked one, no annual
check, the abnormal list, one that merged, one that differs, one that is no charity, and one that a newer list leaves
out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.accounts import Accounts
from portal.demo.identifiers import example_uscc
from portal.demo.pacing import Story
from portal.demo.roster import Row
from portal.demo.samples import Gettext, workbook
from portal.demo.writing import Written
from portal.intake.judging import Upload, judged, kind_of
from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import SHANGHAI
from registry.dossiers.models import DifferingField, Dossier
from registry.dossiers.operations import Objection, remark_of
from registry.dossiers.workflow import DossierStep
from registry.intake.operations import commit, record_preview
from registry.organisations.models import Organisation, OrganisationKind, StandingKind
from registry.policy.queries import working_calendar
from registry.successions.models import SuccessionKind
from registry.successions.operations import By, record_succession
from registry.successions.planning import Wanted
from registry.workflow.operations import start, take_step

CHARITIES_RIGHT = "示例-慈善组织名单.xlsx"
CHARITIES_FAULTY = "示例-慈善组织名单-含错误.xlsx"
ASSOCIATIONS_RIGHT = "示例-行业协会名单.xlsx"

REGISTRAR = "上海市民政局（示例）"
SPRING, AUTUMN = date(2026, 3, 31), date(2026, 10, 31)
NEWEST = date(2026, 11, 20)
MERGED_ON = date(2026, 9, 1)


@dataclass(frozen=True)
class Case:
    """One organisation of the lists; `facts` are columns of the workbook."""

    key: str
    name: str
    division: str
    kind: OrganisationKind
    registered_on: date
    facts: Mapping[str, Any] = field(default_factory=dict)
    later: Mapping[str, Any] | None = field(default_factory=dict)
    """What the list of the autumn says otherwise; None where it does not name it any more."""


SERVICE, FOUNDATION = OrganisationKind.SOCIAL_SERVICE, OrganisationKind.FOUNDATION
PASSED = {"checks": "2025年合格；2024年合格"}
RECOGNISED, REGISTERED = {"recognition": "认定为慈善组织"}, {"recognition": "登记为慈善组织"}

CASES = (
    Case(
        "fresh",
        "黄浦心语社会工作服务中心（示例）",
        "310101002",
        SERVICE,
        date(2021, 4, 8),
        {**PASSED, **RECOGNISED, "recognised_on": date(2026, 1, 20)},
    ),
    Case(
        "no-certificate",
        "静安同行精神康复公益服务中心（示例）",
        "310106012",
        SERVICE,
        date(2018, 6, 11),
        {**PASSED, **RECOGNISED, "recognised_on": date(2023, 6, 1)},
    ),
    Case(
        "revoked",
        "徐汇晨曦助残基金会（示例）",
        "310104014",
        FOUNDATION,
        date(2015, 5, 4),
        {
            "checks": "2025年基本合格；2024年不合格",
            **RECOGNISED,
            "recognised_on": date(2016, 9, 1),
            "certificate": "示例沪募2018-003",
            "certificate_on": date(2018, 3, 12),
            "revoked_on": date(2024, 2, 29),
        },
    ),
    Case(
        "abnormal",
        "虹口守望社区关爱服务中心（示例）",
        "310109009",
        SERVICE,
        date(2019, 10, 15),
        {"checks": "2024年合格", **RECOGNISED, "recognised_on": date(2022, 11, 30)},
        {"checks": "2025年未参检；2024年合格", "abnormal_on": date(2026, 7, 1)},
    ),
    Case(
        "merged",
        "静安携手康复互助中心（示例）",
        "310106012",
        SERVICE,
        date(2017, 3, 20),
        {**PASSED, **RECOGNISED, "recognised_on": date(2021, 12, 6)},
        {"registration": "注销", "registration_on": MERGED_ON},
    ),
    Case(
        "differs",
        "黄浦暖光慈善服务中心（示例）",
        "310101013",
        SERVICE,
        date(2020, 2, 29),
        {**PASSED, **RECOGNISED, "recognised_on": date(2024, 2, 29)},
    ),
    Case(
        "no-charity",
        "黄浦向阳社会工作事务所（示例）",
        "310101015",
        SERVICE,
        date(2022, 8, 3),
        {"checks": "2025年合格"},
    ),
    Case(
        "missing",
        "杨浦拾光志愿服务中心（示例）",
        "310110006",
        SERVICE,
        date(2019, 7, 22),
        {**PASSED, **RECOGNISED, "recognised_on": date(2023, 3, 9)},
        None,
    ),
)

CHECKED = ("charity", "fresh", "no-certificate", "revoked", "abnormal", "merged")


def uscc_of(case: Case) -> str:
    """Numbered from 9101 on."""
    return example_uscc(case.kind, case.division, 9101 + CASES.index(case))


def write_dossiers(
    session: Session, written: Written, accounts: Accounts, *, today: date, trail: Trail
) -> Story:
    """Two lists three days ago, the checks the day before yesterday, a remark yesterday."""
    clerk = Clerk(session, accounts, trail, today)
    own, association = (
        session.get_one(Organisation, written.organisations[key]) for key in ("charity", "association")
    )
    yield clerk.at(3, 9)
    clerk.load("charities", charity_rows(own, SPRING), hour=9)
    yield clerk.at(3, 10)
    clerk.load("charities", charity_rows(own, AUTUMN), hour=10)
    yield clerk.at(3, 11)
    clerk.load("associations", association_rows(association, AUTUMN), hour=11)
    _mark_examples(session)
    by_key = {case.key: uscc_of(case) for case in CASES} | {"charity": own.uscc or ""}
    yield clerk.at(2, 10)
    for key in CHECKED:
        clerk.check(by_key[key], StandingKind.CHARITY)
    clerk.check(association.uscc or "", StandingKind.ASSOCIATION)
    clerk.find_different(by_key["differs"])
    yield clerk.at(2, 15)
    clerk.merge(by_key["merged"], by_key["no-certificate"])
    yield clerk.at(1, 14)
    clerk.remark(by_key["charity"])


def charity_rows(own: Organisation, listed_on: date) -> list[Row]:
    """The list of one day: the foundation that has an account, then the cases."""
    first = {
        "name": own.name,
        "uscc": own.uscc,
        "registrar": REGISTRAR,
        "registered_on": own.opened_on,
        "division_code": own.division_code,
        "registration": "正常",
        "checks": "2025年合格；2024年合格",
        **REGISTERED,
        "recognised_on": own.opened_on,
        "certificate": "示例沪募2023-012",
        "certificate_on": date(2023, 3, 18),
        **_list(listed_on),
    }
    return [first, *(_row(case, listed_on) for case in CASES if _is_named(case, listed_on))]


def _is_named(case: Case, listed_on: date) -> bool:
    return case.later is not None or listed_on < AUTUMN


def _row(case: Case, listed_on: date) -> Row:
    later = case.later if listed_on >= AUTUMN else {}
    return {
        "name": case.name,
        "uscc": uscc_of(case),
        "registrar": REGISTRAR,
        "registered_on": case.registered_on,
        "division_code": case.division,
        "registration": "正常",
        **case.facts,
        **(later or {}),
        **_list(listed_on),
    }


def association_rows(own: Organisation, listed_on: date) -> list[Row]:
    """The one with an account, and one that was annulled."""
    shared = {"registrar": REGISTRAR, **_list(listed_on)}
    return [
        {
            "name": own.name,
            "uscc": own.uscc,
            "registered_on": own.opened_on,
            "division_code": own.division_code,
            "registration": "正常",
            "checks": "2025年合格；2024年基本合格",
            **shared,
        },
        {
            "name": "申城心理服务行业商会（示例）",
            "uscc": example_uscc(OrganisationKind.ASSOCIATION, "310115004", 9120),
            "registered_on": date(2014, 11, 3),
            "division_code": "310115004",
            "registration": "撤销",
            "registration_on": date(2026, 5, 18),
            "checks": "2024年未参检；2023年不合格",
            "dishonest_on": date(2026, 6, 1),
            **shared,
        },
    ]


def _list(listed_on: date) -> Row:
    return {
        "document": f"{REGISTRAR}社会组织名单（{listed_on.year}年{listed_on.month}月）",
        "listed_on": listed_on,
    }


def dossier_samples(session: Session, written: Written, *, gettext: Gettext = str) -> Mapping[str, bytes]:
    """The lists of November: one says that an agency was deregistered, one has three faults."""
    own, association = (
        session.get_one(Organisation, written.organisations[key]) for key in ("charity", "association")
    )
    rows = charity_rows(own, NEWEST)
    news = {uscc_of(CASES[0]): {"checks": "2025年基本合格；2024年合格"}}
    right = [row | news.get(row["uscc"], {}) for row in rows]
    faulty = [dict(row) for row in right]
    faulty[1]["uscc"] = "523101010000910110"
    faulty[2]["checks"] = "合格"
    faulty[3]["registration"], faulty[3]["registration_on"] = "吊销", None
    return {
        CHARITIES_RIGHT: workbook("charities", right, gettext),
        CHARITIES_FAULTY: workbook("charities", faulty, gettext),
        ASSOCIATIONS_RIGHT: workbook("associations", association_rows(association, NEWEST), gettext),
    }


def _mark_examples(session: Session) -> None:
    codes = [uscc_of(case) for case in CASES] + [
        example_uscc(OrganisationKind.ASSOCIATION, "310115004", 9120)
    ]
    session.execute(sa.update(Organisation).where(Organisation.uscc.in_(codes)).values(is_example=True))
    session.expire_all()


@dataclass(frozen=True)
class Clerk:
    """Takes the steps of the accounts, each at its own time."""

    session: Session
    accounts: Accounts
    trail: Trail
    today: date

    def actor(self, role: Role) -> Actor:
        """The account of a role in its first position."""
        return Actor.of(self.accounts[role].positions[0])

    def load(self, kind: str, rows: list[Row], *, hour: int) -> None:
        """The city loads a list."""
        at, actor = self.at(3, hour), self.actor(Role.CITY)
        data = workbook(kind, rows, str)
        upload = Upload(f"{kind_of(kind).zh}.xlsx", data)
        found = judged(self.session, kind_of(kind), upload, actor=actor, at=at, seals=None)
        run = record_preview(self.session, found, actor=actor, at=at)
        commit(self.session, found, run=run, actor=actor, at=at, trail=self.trail)
        self.session.flush()

    def check(self, uscc: str, kind: StandingKind) -> None:
        """核对一致, by the city."""
        self._step(self._dossier(uscc, kind), DossierStep.CHECK)

    def find_different(self, uscc: str) -> None:
        """The day of registration is another one on the certificate."""
        reason = "登记证书上的成立登记日期是2020年3月2日，名单写的是2月29日，已函请登记管理机关核实。"
        fields = (DifferingField.REGISTERED_ON,)
        dossier = self._dossier(uscc, StandingKind.CHARITY)
        self._step(dossier, DossierStep.FIND_DIFFERENT, reason=reason, facts=fields)

    def merge(self, predecessor: str, successor: str) -> None:
        """One agency went into another in September."""
        old = self.session.scalars(sa.select(Organisation).where(Organisation.uscc == predecessor)).one()
        wanted = Wanted(SuccessionKind.MERGE, successor, MERGED_ON, "沪民社登〔2026〕示例18号", frozenset())
        by = By(self.actor(Role.CITY), self.at(2, 15), self.today, self.trail)
        record_succession(self.session, old, wanted, by)

    def remark(self, uscc: str) -> None:
        """The foundation says that its certificate has another day."""
        at = self.at(1, 14)
        text = "证书的发证日期是2023年3月8日，名单写成了18日，请核实。"
        dossier = self._dossier(uscc, StandingKind.CHARITY)
        start(
            self.session,
            remark_of(dossier, Objection((DifferingField.CERTIFICATE,), text), at),
            actor=self.actor(Role.CHARITY),
            at=at,
            trail=self.trail,
            calendar=working_calendar(self.session),
        )

    def _step(self, dossier: Dossier, step: DossierStep, **more: Any) -> None:
        take_step(
            self.session,
            dossier,
            step,
            actor=self.actor(Role.CITY),
            at=self.at(2, 10),
            trail=self.trail,
            calendar=working_calendar(self.session),
            **more,
        )

    def _dossier(self, uscc: str, kind: StandingKind) -> Dossier:
        found = sa.select(Dossier).join(Organisation).where(Organisation.uscc == uscc, Dossier.kind == kind)
        return self.session.scalars(found).one()

    def at(self, days_ago: int, hour: int) -> datetime:
        """On the hour of a day."""
        return datetime.combine(self.today - timedelta(days=days_ago), time(hour), SHANGHAI)
