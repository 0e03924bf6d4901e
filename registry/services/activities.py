"""An activity is recorded once, corrected with a reason, struck out with a reason; nothing of it is ever lost."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.rules import authorize
from registry.actions import Action, Deed
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.clock import today
from registry.errors import InvalidInput, KeyReused, ReasonMissing, RequirementUnmet, StaleVersion
from registry.messages import N_, message
from registry.organisations.models import Site
from registry.people_numbers import holds_number_of_somebody
from registry.periods import Period
from registry.services.models import Activity, ActivityCorrection, ActivityState, Service, ServiceKind
from registry.services.queries import activity_by_form
from registry.turns import take_turns

MOST_MINUTES = 24 * 60
MOST_PEOPLE = 10_000
"""More heads than any street has clients: a number typed twice into one box."""


@dataclass(frozen=True)
class Held:
    """What is typed of an activity."""

    held_on: date
    kind: ServiceKind
    persons: int
    person_times: int
    minutes: int
    note: str = ""


def faults(site: Site, held: Held, *, service: Service | None = None, today: date) -> list[InvalidInput]:
    """Everything that is wrong with what was typed, each under its field."""
    day = _fault_of_day(site, held.held_on, today) or _fault_of_service(service, held.held_on)
    found = (day, *_faults_of_numbers(held), _fault_of_words("note", held.note))
    return [fault for fault in found if fault is not None]


def record_activity(
    session: Session,
    site: Site,
    held: Held,
    *,
    service: Service | None = None,
    actor: Actor,
    at: datetime,
    trail: Trail,
    form_key: str,
    is_another: bool = False,
) -> Activity:
    """The record; the same form sent again gives the first one back, and KeyReused where it says something else.

    InvalidInput for `is_another` where a record says the very same, until its sender says that it is another.
    """
    authorize(actor, Action.ACTIVITY_RECORD, site, see=Action.SITE_SEE)
    take_turns(session, site)
    if (earlier := activity_by_form(session, form_key)) is not None:
        return _the_same(earlier, site, held, service, actor)
    _refuse_faults(site, held, service, today(at))
    _ask_about_twin(session, site, held, service, is_another=is_another)
    activity = entered(site, held, service, actor, at, form_key)
    session.add(activity)
    session.flush()
    _record(session, activity, Action.ACTIVITY_RECORD, actor, at, trail, facts=said_of(activity))
    return activity


def entered(
    site: Site, held: Held, service: Service | None, actor: Actor, at: datetime, form_key: str
) -> Activity:
    """A record that somebody makes; in no session yet."""
    return Activity(
        site=site,
        organisation_id=site.organisation_id,
        division_code=responsible_on(site, held.held_on),
        service=_of_site(service, site),
        entered_on=today(at),
        entered_at=at,
        entered_by_code=actor.code,
        entered_by_name=actor.name,
        form_key=form_key,
        is_example=site.is_example,
        **asdict(held),
    )


def correct_activity(
    session: Session,
    activity: Activity,
    held: Held,
    *,
    service: Service | None = None,
    reason: str,
    version: int,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> None:
    """What it said before stays with the reason; the site stays, because it took place somewhere."""
    before = said_of(activity)
    _may_change(activity, reason, version, actor)
    _refuse_faults(activity.site, held, service, today(at))
    for name, value in asdict(held).items():
        setattr(activity, name, value)
    activity.service = _of_site(service, activity.site)
    if said_of(activity) == before:
        raise RequirementUnmet(message(N_("内容没有变化，不需要更正。")))
    activity.division_code = responsible_on(activity.site, held.held_on)
    activity.corrected_on = today(at)
    _keep(session, activity, before, reason, actor, at, is_void=False)
    facts = {"before": before, "after": said_of(activity)}
    _record(session, activity, Deed.ACTIVITY_CORRECT, actor, at, trail, facts=facts, reason=reason)


def void_activity(
    session: Session,
    activity: Activity,
    *,
    reason: str,
    version: int,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> None:
    """It did not take place, or was entered twice: it stays readable and counts nowhere."""
    _may_change(activity, reason, version, actor)
    activity.state = ActivityState.VOIDED
    _keep(session, activity, said_of(activity), reason, actor, at, is_void=True)
    facts = said_of(activity)
    _record(session, activity, Deed.ACTIVITY_VOID, actor, at, trail, facts=facts, reason=reason)


def said_of(activity: Activity) -> dict[str, Any]:
    """The facts as plain values."""
    return {
        "held_on": activity.held_on.isoformat(),
        "kind": activity.kind.value,
        "service": activity.service.code if activity.service else "",
        "persons": activity.persons,
        "person_times": activity.person_times,
        "minutes": activity.minutes,
        "note": activity.note,
    }


def responsible_on(site: Site, day: date) -> str:
    """Who answered for the site on a day, under today's code."""
    for placement in site.placements:
        if Period(placement.valid_from, placement.valid_to).holds_on(day):
            return placement.today_code
    return site.division_code


def _the_same(earlier: Activity, site: Site, held: Held, service: Service | None, actor: Actor) -> Activity:
    is_his = earlier.entered_by_code == actor.code and earlier.site_id == site.id
    said = {"held_on": held.held_on.isoformat(), "kind": held.kind.value} | {
        name: getattr(held, name) for name in ("persons", "person_times", "minutes", "note")
    }
    before = said_of(earlier)
    if not is_his or before != said | {"service": service.code if service else ""}:
        raise KeyReused(message(N_("这份表单已经登记过一次。")))
    return earlier


def _ask_about_twin(
    session: Session, site: Site, held: Held, service: Service | None, *, is_another: bool
) -> None:
    """A browser that went back fills a fresh form with old words; two groups on one day say the same too."""
    said = [getattr(Activity, name) == value for name, value in asdict(held).items()]
    of_service = Activity.service_id == (service.id if service else None)
    is_there = sa.select(Activity.id).where(
        Activity.site_id == site.id, of_service, Activity.state == ActivityState.RECORDED, *said
    )
    if not is_another and session.scalar(is_there.limit(1)) is not None:
        text = N_("这一天已登记相同的活动。确实是另一场的，请勾选后再登记；不是的，不用再登记。")
        raise InvalidInput("is_another", message(text))


def _may_change(activity: Activity, reason: str, version: int, actor: Actor) -> None:
    authorize(actor, Action.ACTIVITY_RECORD, activity, see=Action.ACTIVITY_SEE)
    if activity.is_voided:
        raise RequirementUnmet(message(N_("这条记录已经作废，不能再更改。")))
    if version != activity.version:
        raise StaleVersion(message(N_("您打开页面之后，内容已被他人更改。")))
    if not reason.strip():
        raise ReasonMissing(message(N_("请写明原因。")))
    fault = _fault_of_words("reason", reason)
    if fault is not None:
        raise fault


def _keep(
    session: Session,
    activity: Activity,
    before: dict[str, Any],
    reason: str,
    actor: Actor,
    at: datetime,
    *,
    is_void: bool,
) -> None:
    session.add(
        ActivityCorrection(
            activity=activity,
            before=before,
            reason=reason.strip(),
            is_void=is_void,
            at=at,
            by_code=actor.code,
            by_name=actor.name,
        )
    )
    session.flush()


def _of_site(service: Service | None, site: Site) -> Service | None:
    if service is not None and service.site_id != site.id:
        raise InvalidInput("content", message(N_("这个服务项目不在所选的服务场所，请重新选择。")))
    return service


def _refuse_faults(site: Site, held: Held, service: Service | None, on: date) -> None:
    for fault in faults(site, held, service=service, today=on):
        raise fault


def _fault_of_day(site: Site, day: date, today: date) -> InvalidInput | None:
    if day > today:
        return InvalidInput("held_on", message(N_("活动日期不能晚于今天，活动结束后再登记。")))
    if site.opened_on is not None and day < site.opened_on:
        text = N_("活动日期不能早于场所的开业日期%(day)s。")
        return InvalidInput("held_on", message(text, day=site.opened_on.isoformat()))
    if site.closed_on is not None and day >= site.closed_on:
        text = N_("本场所自%(day)s起停用，请核对活动日期。")
        return InvalidInput("held_on", message(text, day=site.closed_on.isoformat()))
    return None


def _fault_of_service(service: Service | None, day: date) -> InvalidInput | None:
    """It was not on offer on the day."""
    if service is None or service.is_offered_on(day):
        return None
    days = {"title": service.title, "start": service.started_on.isoformat()}
    if service.ended_on is None:
        text = N_("服务项目“%(title)s”自%(start)s起开设，请核对活动日期，或在活动内容中改选。")
        return InvalidInput("held_on", message(text, **days))
    last = (service.ended_on - timedelta(days=1)).isoformat()
    text = N_("服务项目“%(title)s”的开设期为%(start)s至%(last)s，请核对活动日期，或在活动内容中改选。")
    return InvalidInput("held_on", message(text, last=last, **days))


def _fault_of_words(field: str, typed: str) -> InvalidInput | None:
    """An activity names no client, and nobody else's number either."""
    if not holds_number_of_somebody(typed):
        return None
    text = N_("这里不写个人的证件号码和手机号码，请删去；参加的人记在签到表上。")
    return InvalidInput(field, message(text))


def _faults_of_numbers(held: Held) -> tuple[InvalidInput | None, ...]:
    return (
        _unless(0 <= held.persons <= MOST_PEOPLE, "persons", N_("人数应在0到10000之间，请核对。")),
        _unless(
            held.persons <= held.person_times <= 100 * MOST_PEOPLE,
            "person_times",
            N_("人次不能少于人数：每人至少参加一次。"),
        ),
        _unless(0 < held.minutes <= MOST_MINUTES, "minutes", N_("时长应在1到1440分钟之间。")),
    )


def _unless(holds: bool, field: str, sentence: str) -> InvalidInput | None:
    return None if holds else InvalidInput(field, message(sentence))


def _record(
    session: Session,
    activity: Activity,
    action: Action | Deed,
    actor: Actor,
    at: datetime,
    trail: Trail,
    *,
    facts: dict[str, Any],
    reason: str = "",
) -> None:
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=action,
        result=Result.DONE,
        subject_type=Activity.__tablename__,
        subject_code=activity.code,
        division_code=activity.division_code,
        facts=facts,
        reason=reason.strip(),
    )
