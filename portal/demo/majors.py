"""Two proposals to change the list of majors: one handed in, whose rehearsal turns a verdict, and one still a draft."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from portal.demo.accounts import Accounts
from portal.demo.pacing import Story
from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import SHANGHAI
from registry.majors.models import MajorChange, MajorDeed
from registry.majors.operations import Line, Proposal, change_of
from registry.majors.workflow import MajorChangeStep
from registry.policy.models import Grade
from registry.policy.queries import working_calendar
from registry.workflow.operations import start, take_step
from registry.workforce.models import Catalogue

SOCIOLOGY = Line(MajorDeed.SWITCH_ON, Catalogue.UNDERGRADUATE, "030301")
SPECIAL_EDUCATION = Line(MajorDeed.SWITCH_ON, Catalogue.UNDERGRADUATE, "040108")


def write_majors(session: Session, accounts: Accounts, *, today: date, trail: Trail) -> Story:
    """By the city's officer; the level above publishes, since the city has nobody else."""
    actor = Actor.of(accounts[Role.CITY].positions[0])
    calendar = working_calendar(session)
    next_year = date(today.year + 1, 1, 1)

    def draw_up(line: Line, reason: str, source: str, grade: Grade, at: datetime) -> MajorChange:
        proposal = Proposal(
            valid_from=next_year, is_backdated=False, reason=reason, source=source, grade=grade, lines=(line,)
        )
        change = change_of(proposal, actor=actor, at=at)
        start(session, change, actor=actor, at=at, trail=trail, calendar=calendar, facts=proposal)
        return change

    yield _at(today, 4, 9)
    sociology = draw_up(
        SOCIOLOGY,
        "各区反映社会学毕业生长期从事本项服务，拟列入社会工作类（示例）",
        "示例民〔2026〕18号",
        Grade.OFFICIAL,
        _at(today, 4, 9),
    )
    yield _at(today, 4, 14)
    take_step(
        session,
        sociology,
        MajorChangeStep.SUBMIT,
        actor=actor,
        at=_at(today, 4, 14),
        trail=trail,
        calendar=calendar,
    )
    yield _at(today, 3, 9)
    draw_up(
        SPECIAL_EDUCATION,
        "征求意见中，先看预演再定（示例）",
        "市局业务处征求意见稿（示例）",
        Grade.DESIGN,
        _at(today, 3, 9),
    )


def _at(today: date, days_ago: int, hour: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(hour), SHANGHAI)
