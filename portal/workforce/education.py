"""学历核验: what was told of a diploma, what the district found, and the steps that are open to the reader."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from portal.extensions import db
from portal.formatting import data, day, spoken_message, word, word_within
from portal.htmx import render_page
from portal.security import allowed, current_actor
from portal.sights import record_sight
from portal.workflow.forms import StepForm
from portal.workflow.passed import tell_what_was_done
from portal.workflow.steps import Button, keyed, past_of, place_of_desk, waiting_for
from portal.workflow.taking import is_taken
from portal.workflow.withdrawing import step_word
from portal.workforce import proofs
from portal.workforce.forms import ReasonForm
from portal.workforce.person import STATES, place_of
from portal.workforce.proofs import ProofForm
from registry.access.masks import Field, certificate_number, mask_of, staff_name
from registry.actions import Action
from registry.clock import today
from registry.errors import InvalidInput, RequirementUnmet
from registry.organisations.models import Site
from registry.workflow.models import Todo
from registry.workflow.queries import open_steps
from registry.workforce.models import Education, Post, Practitioner
from registry.workforce.verifying import EducationStep
from registry.workforce.writing import is_former_employer

bp = Blueprint("education", __name__, url_prefix="/workforce/education")

STEPS = "any(verify, reject, reopen)"
EXPLAINED = frozenset({EducationStep.REJECT, EducationStep.REOPEN})
OF_EDUCATION = (
    joinedload(Education.practitioner)
    .selectinload(Practitioner.posts)
    .joinedload(Post.site)
    .joinedload(Site.organisation),
    joinedload(Education.practitioner).options(selectinload(Practitioner.education)),
)


@bp.get("/<code:education>")
@allowed(Action.PRACTITIONER_SEE, on=Education, see=Action.PRACTITIONER_SEE, load=OF_EDUCATION)
def show(education: Education) -> ResponseReturnValue:
    return _page(education, ProofForm())


@bp.post("/<code:education>/proofs")
@allowed(Action.PRACTITIONER_RECORD, on=Education, see=Action.PRACTITIONER_SEE, load=OF_EDUCATION)
def add_proof(education: Education) -> ResponseReturnValue:
    form, session = ProofForm(), db.session()
    if not form.validate_on_submit():
        return _page(education, form)
    try:
        proofs.add_proof(session, education, form, actor=current_actor())
    except InvalidInput as fault:
        form.refused(fault)
        return _page(education, form)
    except RequirementUnmet as unmet:
        form.form_errors.append(spoken_message(unmet.message) if unmet.message else "")
        return _page(education, form)
    session.commit()
    flash(_("证明材料已保存。"))
    return _shown(education)


@bp.get("/<code:education>/proofs/<code:attachment>")
@allowed(Action.PRACTITIONER_SEE, on=Education, writes=True, load=OF_EDUCATION)
def proof(education: Education, attachment: str) -> ResponseReturnValue:
    return proofs.proof_answer(db.session(), education, attachment, actor=current_actor())


@bp.route(f"/<code:education>/<{STEPS}:step>", methods=["GET", "POST"])
@allowed(Action.EDUCATION_VERIFY, on=Education, see=Action.PRACTITIONER_SEE, load=OF_EDUCATION)
def decide(education: Education, step: str) -> ResponseReturnValue:
    taken = EducationStep(step)
    form = (ReasonForm if taken in EXPLAINED else StepForm)(obj=education)
    reason = str(form.reason.data or "") if taken in EXPLAINED else None
    if form.validate_on_submit() and is_taken(education, taken, form, reason=reason):
        flash(_("已办理：%(step)s。", step=word_within(taken)))
        return _shown(education)
    if taken not in {one.step for one in open_steps(db.session(), education, current_actor())}:
        tell_what_was_done(db.session(), education, taken, EducationStep)
        return _shown(education)
    return _page(education, form, taken)


def _page(education: Education, form: StepForm, step: EducationStep | None = None) -> ResponseReturnValue:
    session, actor, person = db.session(), current_actor(), education.practitioner
    answer = render_page(
        "workforce/education.html",
        education=education,
        person=person,
        form=form,
        step=step,
        kind=STATES[education.verification],
        facts=_facts(education),
        proofs=proofs.proofs_of(session, education, actor),
        buttons=_buttons(education) if step is None else (),
        does=step_word(education, step) if step else "",
        past=past_of(session, education, EducationStep),
        waiting=waiting_for(session, education, today(), lambda todo: _place_of(todo, education)),
        status=409 if form.form_errors else 200,
    )
    record_sight(
        Action.PRACTITIONER_SEE,
        subject_type="practitioner",
        subject_code=person.code,
        division_code=place_of(person),
        facts={"fields": ["name", "education"], "name": mask_of(actor, Field.STAFF_NAME).value},
    )
    return answer


def _facts(education: Education) -> tuple[tuple[str, str | None], ...]:
    """What there is to be checked, as the reader may know it."""
    actor, person = current_actor(), education.practitioner
    number = education.diploma_no
    return (
        (_("人员编号"), data(person.person_no)),
        (_("姓名"), data(staff_name(actor, person.name))),
        (_("学历或学位"), word(education.form)),
        (_("学历层次"), word(education.level)),
        (_("专业"), data(education.major_name)),
        (_("专业代码"), f"{education.major_code} · {word_within(education.catalogue)}"),
        (_("毕业院校"), data(education.school)),
        (_("取得日期"), day(education.obtained_on)),
        (_("证书编号"), data(certificate_number(actor, number)) if number else None),
        (_("核验日期"), day(education.verified_on) if education.verified_on else None),
    )


def _buttons(education: Education) -> tuple[Button, ...]:
    """In the order of the table; each has a page of its own, on which what is to be checked stands again.

    Whoever let the person go reads on, and is not led to a form that would refuse him.
    """
    found = []
    has_left = is_former_employer(current_actor(), education.practitioner, today())
    for transition in open_steps(db.session(), education, current_actor()):
        step = transition.step
        if step is EducationStep.REPORT and has_left:
            continue
        if step is EducationStep.REPORT:
            url = url_for(
                "records.change",
                practitioner=education.practitioner.code,
                part="education",
                row=education.code,
            )
        else:
            url = url_for(".decide", education=education.code, step=step.value)
        is_main = step is EducationStep.VERIFY
        label = _("更正") if step is EducationStep.REPORT else step_word(education, step)
        found.append((step, Button(label, url, is_main=is_main, is_direct=False)))
    return keyed(found)


def _place_of(todo: Todo, education: Education) -> str:
    """An institution by its name, a district by its own; where else somebody works no employer is told."""
    if (
        current_actor().organisation_id not in (None, todo.organisation_id)
        and todo.organisation_id is not None
    ):
        return str(_("其他任职单位"))
    employers = (post.site.organisation for post in education.practitioner.posts)
    names = (one.name for one in employers if one.id == todo.organisation_id)
    return next(names, None) or place_of_desk(todo)


def _shown(education: Education) -> ResponseReturnValue:
    return redirect(url_for(".show", education=education.code), code=303)
