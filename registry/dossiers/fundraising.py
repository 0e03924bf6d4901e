"""公开募捐资格: the two gates, judged with reasons from what is on file. The registrar decides, not this system.

① The organisation is a charity: registered as one, or recognised (慈善法第十、十一条).
② It has been one for a full year (慈善法第二十二条) and meets 民政部令第74号第五条, of which a part is on file here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from registry.dossiers.facts import Picture
from registry.dossiers.models import CheckConclusion, RecognitionBasis
from registry.dossiers.periods import first_day_after, last_day_of
from registry.messages import N_, Message, message
from registry.policy.queries import parameter
from registry.terms import Term

MONTHS_PER_YEAR = 12

WAIT_MONTHS = "fundraising.wait_months"
REVOKED_YEARS = "fundraising.revoked_years"
DECIDE_DAYS = "fundraising.decide_days"
RELATED_MOST = "fundraising.related_directors_most"
NON_MAINLAND_MOST = "fundraising.non_mainland_directors_most"
SUPERVISORS_LEAST = "fundraising.supervisors_least"
CLEAN_YEARS = "fundraising.clean_years"


class Verdict(StrEnum):
    """One condition on the day."""

    MET = "met"
    NOT_MET = "not_met"
    ASK = "ask"
    """须由登记机关核实: the register does not know it."""


class Standpoint(StrEnum):
    """What the two gates come to; none of them is a decision."""

    HOLDS = "holds"
    BARRED = "barred"
    NOT_NORMAL = "not_normal"
    NOT_A_CHARITY = "not_a_charity"
    YEAR_NOT_FULL = "year_not_full"
    CONDITION_UNMET = "condition_unmet"
    MAY_APPLY = "may_apply"


@dataclass(frozen=True)
class Terms:
    """The policy numbers in force in a place on a day."""

    wait_months: int
    revoked_years: int
    decide_days: int
    related_most: str
    non_mainland_most: str
    supervisors_least: int
    clean_years: int


@dataclass(frozen=True)
class Condition:
    """One line of the page: what the law asks, where it says so, and what is known."""

    asks: Message
    basis: str
    verdict: Verdict
    known: Message


@dataclass(frozen=True)
class Gates:
    """Both gates on a day."""

    on: date
    standpoint: Standpoint
    terms: Terms
    first: tuple[Condition, ...]
    second: tuple[Condition, ...]
    counted_from: date | None
    """The day from which the year is counted: of the registration as a charity, or of the recognition."""
    full_on: date | None
    """The first day on which the year is full."""
    barred_until: date | None
    """The last day on which it may not apply again; None where nothing was revoked."""


def terms_in_force(session: Session, division_code: str, on: date) -> Terms:
    """Raises UnknownParameter where one is missing."""

    def value(key: str) -> Any:
        return parameter(session, key, division_code, on)

    return Terms(
        wait_months=int(value(WAIT_MONTHS)),
        revoked_years=int(value(REVOKED_YEARS)),
        decide_days=int(value(DECIDE_DAYS)),
        related_most=str(value(RELATED_MOST)),
        non_mainland_most=str(value(NON_MAINLAND_MOST)),
        supervisors_least=int(value(SUPERVISORS_LEAST)),
        clean_years=int(value(CLEAN_YEARS)),
    )


def gates_on(picture: Picture, terms: Terms, on: date) -> Gates:
    """The verdict of a day from the facts of that day."""
    counted_from = _counted_from(picture)
    full_on = None if counted_from is None else first_day_after(counted_from, terms.wait_months)
    barred_until = _barred_until(picture, terms)
    first = (_registered(picture), _charity(picture))
    second = (
        _full_year(counted_from, full_on, terms, on),
        _not_barred(picture, barred_until, terms, on),
        *_checked_by_the_registrar(picture, terms),
    )
    return Gates(
        on=on,
        standpoint=_standpoint(picture, first, second),
        terms=terms,
        first=first,
        second=second,
        counted_from=counted_from,
        full_on=full_on,
        barred_until=barred_until,
    )


def _counted_from(picture: Picture) -> date | None:
    """One that was registered as a charity counts from its registration, the others from their recognition."""
    if picture.recognition is RecognitionBasis.REGISTERED:
        return picture.registered_on or picture.recognised_on
    return picture.recognised_on


def _barred_until(picture: Picture, terms: Terms) -> date | None:
    if picture.revoked_on is None:
        return None
    return last_day_of(picture.revoked_on, terms.revoked_years * MONTHS_PER_YEAR)


def _standpoint(picture: Picture, first: tuple[Condition, ...], second: tuple[Condition, ...]) -> Standpoint:
    """The first hurdle decides: a certificate comes before everything but the registration itself."""
    full_year, not_barred = second[0], second[1]
    hurdles = (
        (not picture.is_normal, Standpoint.NOT_NORMAL),
        (picture.holds_certificate, Standpoint.HOLDS),
        (not_barred.verdict is Verdict.NOT_MET, Standpoint.BARRED),
        (any(one.verdict is Verdict.NOT_MET for one in first), Standpoint.NOT_A_CHARITY),
        (full_year.verdict is Verdict.NOT_MET, Standpoint.YEAR_NOT_FULL),
        (any(one.verdict is Verdict.NOT_MET for one in second), Standpoint.CONDITION_UNMET),
    )
    return next((standpoint for holds, standpoint in hurdles if holds), Standpoint.MAY_APPLY)


def _registered(picture: Picture) -> Condition:
    asks = message(N_("依法登记，登记状态正常"))
    basis = N_("《慈善法》第十条")
    if picture.registration is None:
        return Condition(asks, basis, Verdict.ASK, message(N_("名单没有写登记状态。")))
    if picture.is_normal:
        return Condition(asks, basis, Verdict.MET, message(N_("登记状态正常。")))
    day = picture.registration_on.isoformat() if picture.registration_on else ""
    known = message(N_("登记状态自%(day)s起不是“正常”。"), day=day)
    return Condition(asks, basis, Verdict.NOT_MET, known)


def _charity(picture: Picture) -> Condition:
    asks = message(N_("是慈善组织：设立时登记，或者已登记的社会组织经认定"))
    basis = N_("《慈善法》第十条、第十一条")
    if picture.recognised_on is None:
        known = message(N_("名单没有认定为慈善组织的记录；应先向登记的民政部门申请认定。"))
        return Condition(asks, basis, Verdict.NOT_MET, known)
    day = picture.recognised_on.isoformat()
    if picture.recognition is RecognitionBasis.REGISTERED:
        return Condition(asks, basis, Verdict.MET, message(N_("%(day)s登记为慈善组织。"), day=day))
    return Condition(asks, basis, Verdict.MET, message(N_("%(day)s认定为慈善组织。"), day=day))


def _full_year(counted_from: date | None, full_on: date | None, terms: Terms, on: date) -> Condition:
    asks = message(N_("登记或者认定为慈善组织满%(months)s个月"), months=terms.wait_months)
    basis = N_("《慈善法》第二十二条、民政部令第74号第五条；期间按《民法典》第二百零一条、第二百零二条计算")
    if counted_from is None or full_on is None:
        return Condition(asks, basis, Verdict.NOT_MET, message(N_("还不是慈善组织，无从起算。")))
    days = {"start": counted_from.isoformat(), "full": full_on.isoformat()}
    if on < full_on:
        known = message(
            N_("自%(start)s起算，%(full)s起满期；现在还差%(left)s天。"), left=(full_on - on).days, **days
        )
        return Condition(asks, basis, Verdict.NOT_MET, known)
    return Condition(asks, basis, Verdict.MET, message(N_("自%(start)s起算，%(full)s起已满期。"), **days))


def _not_barred(picture: Picture, barred_until: date | None, terms: Terms, on: date) -> Condition:
    asks = message(N_("资格证书没有在%(years)s年内被吊销"), years=terms.revoked_years)
    basis = N_("《慈善法》第一百一十一条")
    if barred_until is None or picture.revoked_on is None:
        return Condition(asks, basis, Verdict.MET, message(N_("没有吊销资格证书的记录。")))
    days = {"revoked": picture.revoked_on.isoformat(), "until": barred_until.isoformat()}
    if on <= barred_until:
        known = message(N_("%(revoked)s被吊销，到%(until)s为止不得再次申请。"), **days)
        return Condition(asks, basis, Verdict.NOT_MET, known)
    known = message(N_("%(revoked)s被吊销，限制期到%(until)s已满。"), **days)
    return Condition(asks, basis, Verdict.MET, known)


ORDER_74 = N_("民政部令第74号第五条")


def _checked_by_the_registrar(picture: Picture, terms: Terms) -> Iterator[Condition]:
    """The conditions of Order 74: what the register cannot know is asked, with what it does know."""
    unknown = message(N_("本系统没有这方面的登记。"))
    for asks in (
        message(N_("内部治理结构规范，理事会能够有效决策，负责人符合规定，诚信记录良好")),
        message(
            N_(
                "理事来自同一组织或者有关联关系的组织不超过%(related)s，非内地居民不超过%(outside)s，理事之间没有近亲属关系"
            ),
            related=terms.related_most,
            outside=terms.non_mainland_most,
        ),
        message(N_("法定代表人是内地居民；秘书长专职；理事长与秘书长不是同一人；专职工作人员与活动相适应")),
        message(
            N_("监事履行职责；在省级以上登记的设监事会，监事不少于%(count)s人"), count=terms.supervisors_least
        ),
        message(N_("财务、项目、采购、资产、人事、档案等内部管理制度健全")),
    ):
        yield Condition(asks, ORDER_74, Verdict.ASK, unknown)
    yield _clean_record(picture, terms)


def _clean_record(picture: Picture, terms: Terms) -> Condition:
    """The lists and the annual checks are on file; penalties and tax are not."""
    asks = message(N_("近%(years)s年没有行政处罚，不在失信名单，年度检查记录良好"), years=terms.clean_years)
    if picture.dishonest_on is not None:
        known = message(N_("%(day)s列入严重违法失信名单，尚未移出。"), day=picture.dishonest_on.isoformat())
        return Condition(asks, ORDER_74, Verdict.NOT_MET, known)
    if picture.abnormal_on is not None:
        known = message(
            N_("%(day)s列入活动异常名录，尚未移出；由登记机关认定影响。"), day=picture.abnormal_on.isoformat()
        )
        return Condition(asks, ORDER_74, Verdict.ASK, known)
    if not picture.checks:
        return Condition(asks, ORDER_74, Verdict.ASK, message(N_("不在两个信用名单上；没有年检结论的记录。")))
    year, conclusion, _on = picture.checks[0]
    known = message(
        N_("不在两个信用名单上；%(year)s年年检结论：%(conclusion)s。"),
        year=year,
        conclusion=CONCLUSIONS[CheckConclusion(conclusion)],
    )
    return Condition(asks, ORDER_74, Verdict.ASK, known)


CONCLUSIONS = {
    CheckConclusion.PASSED: Term("合格", "passed"),
    CheckConclusion.BARELY: Term("基本合格", "barely passed"),
    CheckConclusion.FAILED: Term("不合格", "failed"),
    CheckConclusion.ABSENT: Term("未参检", "did not take part"),
}
