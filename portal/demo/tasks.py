"""Tasks between the departments of Huangpu: overdue, in hand, replied, declined and closed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.demo.accounts import Accounts
from portal.demo.pacing import Story
from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.audit.trail import Trail
from registry.clock import SHANGHAI, WorkingCalendar
from registry.policy.queries import working_calendar
from registry.tasks.models import DepartmentTask
from registry.tasks.operations import Request, task_of
from registry.tasks.workflow import TaskStep
from registry.workflow.operations import start, take_step
from registry.workflow_table import Desk


@dataclass(frozen=True)
class Mail:
    """Carries tasks between desks, each step on its own day."""

    session: Session
    today: date
    trail: Trail
    calendar: WorkingCalendar

    def send(
        self, of: Actor, to: Actor, title: str, content: str, *, days_ago: int, workdays: int
    ) -> DepartmentTask:
        """A task, due some working days after it was sent."""
        at = self.at(days_ago)
        due_on = self.calendar.add_working_days(at.date(), workdays).on
        request = Request(title, content, due_on, Desk(to.role, to.division_code))
        task = task_of(request, actor=of, at=at)
        start(self.session, task, actor=of, at=at, trail=self.trail, calendar=self.calendar)
        return task

    def step(
        self, task: DepartmentTask, step: TaskStep, of: Actor, *, days_ago: int, hour: int = 15, **more: Any
    ) -> None:
        """What one of them answers."""
        at = self.at(days_ago, hour)
        take_step(self.session, task, step, actor=of, at=at, trail=self.trail, calendar=self.calendar, **more)

    def at(self, days_ago: int, hour: int = 10) -> datetime:
        """On the hour of a day."""
        return datetime.combine(self.today - timedelta(days=days_ago), time(hour), SHANGHAI)


def write_tasks(
    session: Session, accounts: Accounts, officer: Account, *, today: date, trail: Trail
) -> Story:
    """In the order of their days: the trail runs forwards. The officer is the district's of that time."""
    mail = Mail(session, today, trail, working_calendar(session))
    district = Actor.of(officer.positions[0])
    finance, hr, police, health, dpf, socialwork = (
        Actor.of(accounts[role].positions[0])
        for role in (Role.FINANCE, Role.HR, Role.POLICE, Role.HEALTH, Role.DPF, Role.SOCIALWORK)
    )
    yield mail.at(24, 10)
    mail.send(
        district,
        finance,
        "核对三季度社工站购买服务经费（示例）",
        "请核对全区各社工站三季度已拨付的购买服务经费，列明金额和拨付日期。",
        days_ago=24,
        workdays=5,
    )
    yield mail.at(23, 10)
    roster = mail.send(
        district,
        hr,
        "核对持证社会工作者的登记情况（示例）",
        "请核对全区机构在岗社会工作者职业水平证书的登记情况，只反馈人数。",
        days_ago=23,
        workdays=8,
    )
    yield mail.at(22, 10)
    posts = mail.send(
        district, dpf, "核对残疾人证持证对象服务人数（示例）", "请反馈持证对象接受社区康复服务的人数。",
        days_ago=22, workdays=4,
    )  # fmt: skip
    yield mail.at(21, 10)
    contacts = mail.send(
        district,
        police,
        "更新街镇应急处置联络单位（示例）",
        "请更新各派出所应急处置联络单位和值班电话，每季度一次。",
        days_ago=21,
        workdays=25,
    )
    yield mail.at(20, 15)
    mail.step(contacts, TaskStep.ACCEPT, police, days_ago=20)
    yield mail.at(18, 15)
    mail.step(posts, TaskStep.REPLY, dpf, days_ago=18, reason="已按街镇汇总，共126人。")
    yield mail.at(17, 15)
    mail.step(roster, TaskStep.REPLY, hr, days_ago=17, reason="已核对，登记有效87人，待续登6人。")
    yield mail.at(16, 15)
    mail.step(posts, TaskStep.CLOSE, district, days_ago=16)
    yield mail.at(15, 10)
    mail.send(
        health,
        district,
        "核对社区康复机构名单（示例）",
        "请核对可接收转介的机构名单和服务时间，供医疗机构查询。",
        days_ago=15,
        workdays=12,
    )
    yield mail.at(14, 10)
    funds = mail.send(
        district, finance, "协调街镇场地租金补贴（示例）", "请研究街镇社区康复场地租金补贴的列支渠道。",
        days_ago=14, workdays=10,
    )  # fmt: skip
    yield mail.at(14, 16)
    mail.step(
        funds,
        TaskStep.DECLINE,
        finance,
        days_ago=14,
        hour=16,
        reason="场地租金由街镇预算列支，请与街镇办理。",
    )
    yield mail.at(13, 10)
    mail.send(
        socialwork,
        district,
        "报送社工站专业人员配备情况（示例）",
        "请报送各社工站专业人员配备和缺口，按街镇汇总。",
        days_ago=13,
        workdays=15,
    )
