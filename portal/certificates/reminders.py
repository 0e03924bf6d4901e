"""`/workforce/certificates/remind`: a regulator ticks institutions and sends them one text; and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.certificates.lists import ENDS
from portal.drafts.fields import CheckboxesField
from portal.extensions import db
from portal.fields import CHINESE, stripped
from portal.figures.asking import read_choice
from portal.frame import place_name
from portal.htmx import render_page
from portal.listing import canonical
from portal.security import allowed, current_actor, current_trail
from portal.workflow.forms import StepForm
from registry.access.actors import Actor
from registry.actions import Action
from registry.certificates.models import CertificateReminder, Ending, ReminderReceiver
from registry.certificates.queries import WHOLE, Concerned, concerned, reminder_by_id, reminders
from registry.certificates.sending import LONGEST_TEXT, Wanted, name_of, reminder_of
from registry.clock import today, utc_now
from registry.errors import InvalidInput, NotVisible
from registry.policy.queries import working_calendar
from registry.workflow.operations import start

bp = Blueprint("certificates", __name__, url_prefix="/workforce/certificates")


class ReminderForm(StepForm):
    """Whom, and with what words."""

    everybody = BooleanField(_l("名单上的全部机构"))
    chosen = CheckboxesField(_l("提醒的机构"), validate_choice=False)
    text = TextAreaField(
        _l("提醒内容"),
        description=_l("机构在待办的“请知悉”中看到，不要写人员姓名和证件号码。"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请写明提醒内容。")),
            Length(max=LONGEST_TEXT, message=_l("提醒内容不超过500个字。")),
        ],
        render_kw={"rows": 4} | CHINESE,
    )

    def __init__(self, listed: Sequence[Concerned], **values: Any) -> None:
        super().__init__(**values)
        self.listed = listed
        self.chosen.choices = [(one.code, one.name) for one in listed]

    @property
    def rows(self) -> list[tuple[Concerned, Any]]:
        """Each institution with its box."""
        return list(zip(self.listed, self.chosen, strict=True))

    def wanted(self) -> Wanted:
        """What was typed; all of the list where that is ticked."""
        codes = [one.code for one in self.listed] if self.everybody.data else (self.chosen.data or [])
        return Wanted(self.text.data or "", frozenset(codes))


@dataclass(frozen=True)
class Asked:
    """Which list of institutions."""

    division: str
    ending: Ending
    on: date

    def values(self) -> dict[str, str]:
        """The same as an address says it."""
        return {"division": self.division, ENDS: self.ending.value}


@bp.route("/remind", methods=["GET", "POST"])
@allowed(Action.CERTIFICATE_REMINDER_SEND)
def remind() -> ResponseReturnValue:
    actor, question = current_actor(), asked(current_actor())
    listed = concerned(db.session(), actor, question.division, question.ending, question.on)
    form = ReminderForm(listed)
    if form.validate_on_submit():
        try:
            reminder = _sent(form, question)
        except InvalidInput as fault:
            db.session.rollback()
            form.refused(fault)
        else:
            flash(sent_words(reminder))
            return redirect(url_for(".show", certificate_reminder=reminder.code), code=303)
    return render_page(
        "certificates/remind.html",
        form=form,
        asked=question,
        endings=[(one, url_for(".remind", **(question.values() | {ENDS: one.value}))) for one in Ending],  # type: ignore[arg-type]  # filters, not Flask's options
        place=place_name(question.division) or question.division,
        list_url=url_for("certificates_ending.index", **question.values()),  # type: ignore[arg-type]  # the same
    )


@bp.get("/reminders")
@allowed(Action.CERTIFICATE_REMINDER_SEE)
def index() -> ResponseReturnValue:
    found = reminders(db.session(), current_actor())
    rows = [(one, name_of(one), receivers_for(one)) for one in found]
    return render_page("certificates/reminders.html", rows=rows)


@bp.get("/reminders/<code:certificate_reminder>")
@allowed(Action.CERTIFICATE_REMINDER_SEE, on=CertificateReminder, load=WHOLE)
def show(certificate_reminder: CertificateReminder) -> ResponseReturnValue:
    actor = current_actor()
    values = {ENDS: certificate_reminder.ending.value}
    return render_page(
        "certificates/reminder.html",
        reminder=certificate_reminder,
        name=name_of(certificate_reminder),
        receivers=receivers_for(certificate_reminder),
        is_sender=actor.is_regulator,
        place=place_name(certificate_reminder.division_code),
        list_url=url_for("certificates_ending.index", **values),  # type: ignore[arg-type]  # filters, not Flask's options
    )


def asked(actor: Actor) -> Asked:
    """What the address asks; the reader's own division, and what ends within 90 days, unless it says otherwise."""
    typed = request.args.get("division", "").strip()
    division = canonical(typed) if typed else actor.division_code
    if not actor.answers_for(division):
        raise NotVisible
    return Asked(division, read_choice(Ending, request.args.get(ENDS, ""), ENDS) or Ending.D90, today())


def receivers_for(reminder: CertificateReminder) -> list[ReminderReceiver]:
    """All for whoever sends, its own line for an institution."""
    own = current_actor().organisation_id
    return [one for one in reminder.receivers if own is None or one.organisation_id == own]


def sent_words(reminder: CertificateReminder) -> str:
    """How many it reached, and how many not."""
    reached, meant = len(reminder.reached), len(reminder.receivers)
    if reached == meant:
        return str(_("提醒已发给 %(count)s 家机构。", count=reached))
    return str(
        _(
            "提醒已发给 %(count)s 家机构；%(missed)s 家没有可接收的账号，请另行联系。",
            count=reached,
            missed=meant - reached,
        )
    )


def _sent(form: ReminderForm, question: Asked) -> CertificateReminder:
    """The reminder that this form sends, or sent before when it comes twice."""
    session, actor, at, wanted = db.session(), current_actor(), utc_now(), form.wanted()
    reminder = reminder_of(
        wanted, division=question.division, ending=question.ending, actor=actor, at=at, on=question.on
    )
    taken = start(
        session,
        reminder,
        actor=actor,
        at=at,
        trail=current_trail(),
        calendar=working_calendar(session),
        facts=wanted,
        idempotency_key=form.key.data,
    )
    session.commit()
    found = reminder_by_id(session, taken.subject_id)
    if found is None:
        raise NotVisible
    return found
