"""批量提醒 is sent once: each institution that was ticked finds one notice; who could not be reached is on record.

One step makes the record; nothing happens to it afterwards but that its notices are read.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account
from registry.actions import Action
from registry.certificates.models import CertificateReminder, Ending, ReminderReceiver, ReminderState
from registry.certificates.queries import Concerned, concerned
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.organisations.models import Organisation
from registry.workflow.todos import todo_for
from registry.workflow_table import (
    Desk,
    Facts,
    Occasion,
    Subject,
    Transition,
    Workflow,
    declare_workflow,
)

TITLE = N_("收到证书到期提醒")
LEAST_TEXT, LONGEST_TEXT = 4, 500


class ReminderStep(StrEnum):
    """The one verb of a reminder."""

    SEND = "send"


@dataclass(frozen=True)
class Wanted:
    """What is sent to whom: the public codes of institutions that stand on the list."""

    text: str
    chosen: frozenset[str]


def reminder_of(
    wanted: Wanted, *, division: str, ending: Ending, actor: Actor, at: datetime, on: date
) -> CertificateReminder:
    """A new reminder, not yet in any session: the workflow starts it."""
    return CertificateReminder(
        state=ReminderState.SENT,
        division_code=division,
        ending=ending,
        on=on,
        text=wanted.text.strip(),
        sent_at=at,
        sent_as=actor.role,
        sent_by_id=actor.account_id,
    )


def send(session: Session, reminder: CertificateReminder, occasion: Occasion) -> Facts:
    """InvalidInput names the field of what is wrong; one that is not on the list, and nobody is written to."""
    wanted: Wanted = occasion.facts
    if not LEAST_TEXT <= len(reminder.text) <= LONGEST_TEXT:
        sentence = N_("请用%(least)s至%(most)s个字写明提醒内容。")
        raise InvalidInput("text", message(sentence, least=LEAST_TEXT, most=LONGEST_TEXT))
    with session.no_autoflush:
        listed = concerned(session, occasion.actor, reminder.division_code, reminder.ending, reminder.on)
        chosen = [one for one in listed if one.code in wanted.chosen]
        strangers = len(wanted.chosen) - len(chosen)
        if strangers:
            sentence = N_("有%(count)s家机构不在名单上，提醒没有发出。请核对后重新选择。")
            raise InvalidInput("chosen", message(sentence, count=strangers))
        if not chosen:
            raise InvalidInput("chosen", message(N_("请至少选择一家名单上的机构。")))
        reminder.sent_by = session.get_one(Account, occasion.actor.account_id)
    session.add(reminder)
    session.flush()  # the notices name its key
    for one in chosen:
        _address(session, reminder, one, occasion)
    return _facts(reminder, chosen)


def _address(session: Session, reminder: CertificateReminder, one: Concerned, occasion: Occasion) -> None:
    receiver = ReminderReceiver(
        certificates=one.certificates,
        reminder=reminder,
        organisation=session.get_one(Organisation, one.id),
    )
    if one.reader is not None:
        desk = Desk(one.reader, one.division_code, one.id)
        notice = todo_for(subject_of(reminder), desk, TITLE, asked_by=occasion.actor.name, at=occasion.at)
        notice.is_notice = True
        receiver.todo = notice
    session.add(receiver)


def subject_of(reminder: CertificateReminder) -> Subject:
    """How a notice names it: by the beginning of its text."""
    return Subject(CertificateReminder.__tablename__, reminder.id, reminder.code, name_of(reminder))


def name_of(reminder: CertificateReminder) -> str:
    """The beginning of the text, on one line."""
    line = " ".join(reminder.text.split())
    return line if len(line) <= 40 else f"{line[:40]}…"


def _facts(reminder: CertificateReminder, chosen: Collection[Concerned]) -> Facts:
    return {
        "ending": reminder.ending.value,
        "on": reminder.on.isoformat(),
        "certificates": sum(one.certificates for one in chosen),
        "reached": [one.code for one in chosen if one.reader is not None],
        "not reached": [one.code for one in chosen if one.reader is None],
    }


CERTIFICATE_REMINDERS = declare_workflow(
    Workflow(
        subject_type=CertificateReminder.__tablename__,
        model=CertificateReminder,
        states=ReminderState,
        see=Action.CERTIFICATE_REMINDER_SEE,
        name_of=name_of,
        place_of=lambda reminder: reminder.division_code,
        parent_of=lambda reminder: reminder.sent_by,
        start=Transition(
            ReminderStep.SEND,
            frozenset(),
            ReminderState.SENT,
            Action.CERTIFICATE_REMINDER_SEND,
            asks_facts=True,
            effect=send,
        ),
        transitions=(),
    )
)
