"""人员合并: the list of proposals, and two records side by side with the steps that are open to the reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload, selectinload
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from portal.extensions import db
from portal.formatting import day, spoken_message, word, word_within
from portal.htmx import render_page
from portal.sealing import current_seals
from portal.security import allowed, current_actor, current_trail, require_proof, signed_in_actor
from portal.sights import record_sight
from portal.workflow.forms import StepForm
from portal.workflow.steps import past_of
from portal.workforce.sealed import NAMES
from registry.access.actors import Actor
from registry.access.masks import staff_name
from registry.access.rules import may, readable
from registry.actions import Action
from registry.clock import utc_now
from registry.errors import NotVisible, RequirementUnmet, StaleVersion
from registry.intake.identifiers import refuse_identity_number
from registry.organisations.models import Site
from registry.parsing import CellProblem
from registry.policy.queries import working_calendar
from registry.workflow.operations import take_step
from registry.workflow.queries import open_steps
from registry.workforce.merging import MergeStep, former_number_of
from registry.workforce.models import MergeState, PersonMerge, Post, Practitioner
from registry.workforce.sealed_fields import seen_fields

bp = Blueprint("merges", __name__, url_prefix="/workforce")

STATE_KINDS = {
    MergeState.PROPOSED: "waiting",
    MergeState.ASSERTED: "active",
    MergeState.MERGED: "done",
    MergeState.DISMISSED: "ended",
}
MOST_SHOWN = 200
RECORD = (
    selectinload(Practitioner.education),
    selectinload(Practitioner.certificates),
    selectinload(Practitioner.posts).joinedload(Post.site).joinedload(Site.organisation),
)
MERGE = (
    joinedload(PersonMerge.kept).options(*RECORD),
    joinedload(PersonMerge.other).options(*RECORD),
)
EXPLAINED = frozenset({MergeStep.DISMISS, MergeStep.RETURN})


class WhyForm(StepForm):
    """A step that has to be explained to whoever comes after."""

    reason = TextAreaField(
        _l("理由"),
        description=_l("写明核对了什么；不要写身份证号。"),
        validators=[
            DataRequired(_l("请写明理由。")),
            Length(max=500, message=_l("理由不超过500个字。")),
        ],
        render_kw={"rows": 3, "lang": "zh-Hans"},
    )

    def validate_reason(self, field: Any) -> None:
        """It stays in the history, where no identity number belongs."""
        try:
            refuse_identity_number(field.data)
        except CellProblem:
            raise ValidationError(_("理由里不要写身份证号。")) from None


@dataclass(frozen=True)
class Line:
    """One fact of both records."""

    label: str
    kept: Sequence[str]
    other: Sequence[str]


@dataclass(frozen=True)
class Button:
    """A step that is open to the reader."""

    step: MergeStep
    label: str
    url: str
    is_explained: bool


@bp.get("/merges")
@allowed(Action.PERSON_MERGE_SEE)
def index() -> ResponseReturnValue:
    is_open = sa.case((PersonMerge.state.in_((MergeState.PROPOSED, MergeState.ASSERTED)), 0), else_=1)
    statement = (
        sa.select(PersonMerge)
        .where(readable(PersonMerge, current_actor(), Action.PERSON_MERGE_SEE))
        .options(joinedload(PersonMerge.kept))
        .order_by(is_open, PersonMerge.id.desc())
        .limit(MOST_SHOWN)
    )
    merges = list(db.session().scalars(statement))
    return render_page("workforce/merges.html", merges=merges, kinds=STATE_KINDS, name_of=_name_of)


@bp.get("/merges/<code:person_merge>")
@allowed(Action.PERSON_MERGE_SEE, on=PersonMerge, load=MERGE)
def show(person_merge: PersonMerge) -> ResponseReturnValue:
    return _seen(person_merge, _page(person_merge, StepForm(obj=person_merge)))


@bp.route("/merges/<code:person_merge>/<any(assert, dismiss, return, confirm):step>", methods=["GET", "POST"])
@allowed(Action.PERSON_MERGE_DECIDE, on=PersonMerge, load=MERGE)
def decide(person_merge: PersonMerge, step: str) -> ResponseReturnValue:
    taken = MergeStep(step)
    form = (WhyForm if taken in EXPLAINED else StepForm)(obj=person_merge)
    if form.validate_on_submit():
        if taken is MergeStep.CONFIRM:  # nothing takes it back
            require_proof()
        try:
            _take(person_merge, taken, form)
        except RequirementUnmet as unmet:
            form.form_errors.append(spoken_message(unmet.message) if unmet.message else str(unmet))
        except StaleVersion:
            db.session.rollback()
            form.overtaken(person_merge.version)
        else:
            flash(_("已办理：%(step)s。", step=word_within(taken)))
            return _shown(person_merge)
    if taken not in {button.step for button in _buttons(person_merge)}:
        return _shown(person_merge)
    answer = _page(person_merge, form, step=taken, status=409 if form.form_errors else 200)
    return _seen(person_merge, answer)


@bp.before_app_request
def follow_former_code() -> Response | None:
    """The address of a record that went into another one leads there, for whoever may see that one."""
    code = (request.view_args or {}).get("practitioner")
    actor = signed_in_actor() if code is not None and request.method == "GET" else None
    if code is None or actor is None:
        return None
    former = former_number_of(db.session(), code=code)
    if former is None or not may(actor, Action.PRACTITIONER_SEE, former.practitioner):
        return None
    return redirect(url_for("practitioners.show", practitioner=former.practitioner.code), code=303)


@bp.get("/numbers/<number>")
@allowed(Action.PRACTITIONER_SEE)
def by_number(number: str) -> ResponseReturnValue:
    """A register number, also a former one, leads to its person; NotVisible where the reader may not see him."""
    session, actor = db.session(), current_actor()
    person = session.scalar(sa.select(Practitioner).where(Practitioner.person_no == number))
    former = former_number_of(session, person_no=number) if person is None else None
    found = person or (former.practitioner if former else None)
    if found is None or not may(actor, Action.PRACTITIONER_SEE, found):
        raise NotVisible
    return redirect(url_for("practitioners.show", practitioner=found.code), code=303)


def _take(merge: PersonMerge, step: MergeStep, form: StepForm) -> None:
    session: Session = db.session()
    take_step(
        session,
        merge,
        step,
        actor=current_actor(),
        at=utc_now(),
        trail=current_trail(),
        calendar=working_calendar(session),
        reason=str(form.reason.data) if isinstance(form, WhyForm) else "",
        facts=current_seals(),
        version=form.version.data,
        idempotency_key=form.key.data,
    )
    session.commit()


def _page(
    merge: PersonMerge, form: StepForm, *, step: MergeStep | None = None, status: int = 200
) -> Response:
    return render_page(
        "workforce/merge.html",
        merge=merge,
        form=form,
        step=step,
        kind=STATE_KINDS[merge.state],
        lines=_lines(merge),
        buttons=_buttons(merge),
        past=past_of(db.session(), merge, MergeStep),
        status=status,
    )


def _seen(merge: PersonMerge, answer: Response) -> Response:
    """Both people were looked at: an entry, whichever page showed them."""
    record_sight(
        Action.PERSON_MERGE_SEE,
        subject_type="person_merge",
        subject_code=merge.code,
        division_code=current_actor().division_code,
        facts={"people": [one.code for one in (merge.kept, merge.other) if one is not None]},
    )
    return answer


def _lines(merge: PersonMerge) -> list[Line]:
    """Both records as the reader may see them; once they are one, the other has nothing of its own."""
    people = [merge.kept, merge.other]
    told = [_told(one, current_actor()) if one is not None else {} for one in people]
    return [Line(label, texts, told[1].get(label, [])) for label, texts in told[0].items()]


def _told(person: Practitioner, actor: Actor) -> dict[str, list[str]]:
    told = {
        _("人员编号"): [person.person_no],
        _("姓名"): [staff_name(actor, person.name) or "--"],
    }
    sealed = seen_fields(db.session(), current_seals(), actor, [(person.id, person.code)])
    for one in sealed.get(person.id, []):
        told[str(NAMES[one.field])] = [one.text or "--"]
    told[_("任职情况")] = [
        f"{post.site.organisation.name} {post.site.name} {word_within(post.profession)} {day(post.start_on)}"
        for post in person.posts
    ]
    told[_("教育经历")] = [
        f"{word(one.form)} {word_within(one.level)} {one.major_name} {one.school}" for one in person.education
    ]
    told[_("资格证书")] = [f"{word(one.kind)} {one.grade}" for one in person.certificates]
    return told


def _buttons(merge: PersonMerge) -> list[Button]:
    steps = [MergeStep(one.step) for one in open_steps(db.session(), merge, current_actor())]
    return [
        Button(
            step, word(step), url_for(".decide", person_merge=merge.code, step=step.value), step in EXPLAINED
        )
        for step in steps
    ]


def _name_of(person: Practitioner) -> str | None:
    return staff_name(current_actor(), person.name)


def _shown(merge: PersonMerge) -> ResponseReturnValue:
    return redirect(url_for(".show", person_merge=merge.code), code=303)
