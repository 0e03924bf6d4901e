"""What is wrong with a task, said beside the field where it was typed."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from registry.clock import ONE_DAY, WorkingCalendar, today
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.people_numbers import holds_number_of_somebody
from registry.policy.queries import parameter
from registry.workflow.clocks import last_day_from

LEAST_WORKDAYS = "task.least_workdays"
"""Policy parameter: working days that whoever is asked has at least."""

LONGEST_TITLE, LONGEST_CONTENT = 60, 2000
LEAST_WORDS = 2
FARTHEST = timedelta(days=366)


def refuse_words(field: str, typed: str, most: int) -> None:
    """InvalidInput where nothing is said, too much, or the number of somebody."""
    if not LEAST_WORDS <= len(typed.strip()) <= most:
        raise InvalidInput(
            field, message(N_("请用%(least)s至%(most)s个字写明。"), least=LEAST_WORDS, most=most)
        )
    if holds_number_of_somebody(typed):  # tasks go between departments, where the law lets no client go
        sentence = N_("任务单在部门之间流转，不得写个人的证件号码或手机号码，请删去。")
        raise InvalidInput(field, message(sentence))


def refuse_deadline(
    session: Session, due_on: date, *, place: str, at: datetime, calendar: WorkingCalendar
) -> None:
    """InvalidInput for a day that is past, too near, too far, or on which nobody works.

    What is sent after the cut-off is received on the next working day: the least is counted from there.
    """
    on = today(at)
    if due_on < on:
        raise InvalidInput("due_on", message(N_("答复期限不能早于今天。")))
    if due_on > on + FARTHEST:
        raise InvalidInput("due_on", message(N_("答复期限不能晚于一年以后，请核对。")))
    if not calendar.is_working_day(due_on):
        sentence = N_("%(day)s不是工作日，请改为%(next)s（之后第一个工作日）或其他工作日。")
        following = next_working_day(due_on, calendar)
        raise InvalidInput("due_on", message(sentence, day=due_on.isoformat(), next=following.isoformat()))
    least = int(parameter(session, LEAST_WORKDAYS, place, on))
    earliest = last_day_from(session, LEAST_WORKDAYS, place, at, calendar)
    if due_on < earliest:
        sentence = N_("请至少给对方%(least)s个工作日，最早为%(day)s。")
        raise InvalidInput("due_on", message(sentence, least=least, day=earliest.isoformat()))


def next_working_day(day: date, calendar: WorkingCalendar) -> date:
    """The first working day after a day."""
    day += ONE_DAY
    while not calendar.is_working_day(day):
        day += ONE_DAY
    return day
