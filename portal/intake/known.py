"""更新已有、跳过已有: what becomes of rows that the register has, chosen after the preview and before the load."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal.extensions import db
from portal.intake.forms import KnownForm
from portal.intake.judging import judged_again
from portal.intake.kept import kept_file, uploaded_files
from portal.intake.routes import bp as bp
from portal.sealing import current_seals
from portal.security import allowed, current_actor
from registry.actions import Action
from registry.clock import utc_now
from registry.errors import InvalidInput
from registry.intake.lines import sheet_of
from registry.intake.models import KNOWN, IntakeRun
from registry.intake.rejudging import hold_open, judge_anew
from registry.messages import N_, message


@bp.post("/runs/<code:intake_run>/known")
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def known(intake_run: IntakeRun) -> ResponseReturnValue:
    """The file is judged anew by the choice, once; what is loaded later is loaded by it."""
    session, form, data = db.session(), KnownForm(), kept_file(intake_run)
    if not form.validate_on_submit():
        raise InvalidInput("known", message(N_("请选择更新已有的行，还是跳过已有的行。")))
    hold_open(session, intake_run)
    if intake_run.options.get(KNOWN) != form.known.data:
        _judge(intake_run, data, form.known.data)
        session.commit()
    return redirect(url_for("intake.show", intake_run=intake_run.code), code=303)


def _judge(run: IntakeRun, data: bytes, chosen: str) -> None:
    found = judged_again(
        db.session(),
        run,
        data,
        actor=current_actor(),
        at=utc_now(),
        seals=current_seals(),
        said={KNOWN: chosen},
    )
    judge_anew(run, found)
    uploaded_files().keep_sheet(run, sheet_of(found))
