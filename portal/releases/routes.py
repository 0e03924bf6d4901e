"""`/releases`: files above the cap, asked for where they are made, released or turned down here by a second person."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.extensions import db
from portal.htmx import render_page
from portal.releases.forms import RefusalForm
from portal.releases.views import release_page, row_of
from portal.security import allowed, current_actor
from portal.workflow.forms import StepForm
from portal.workflow.taking import is_taken
from registry.actions import Action
from registry.clock import today
from registry.releases.models import Release, ReleaseState
from registry.releases.queries import IN_HAND, WHOLE, releases
from registry.releases.workflow import ReleaseStep
from registry.workflow.queries import open_steps

bp = Blueprint("releases", __name__, url_prefix="/releases")

DONE = "done"


@bp.get("")
@allowed(Action.RELEASE_SEE)
def index() -> ResponseReturnValue:
    is_done = request.args.get("show") == DONE
    states = [state for state in ReleaseState if (state not in IN_HAND) == is_done]
    found = releases(db.session(), current_actor(), states)
    return render_page("releases/index.html", rows=[row_of(one) for one in found], is_done=is_done)


@bp.get("/<code:release>")
@allowed(Action.RELEASE_SEE, on=Release, load=WHOLE)
def show(release: Release) -> ResponseReturnValue:
    return _page("releases/show.html", release, StepForm(obj=release))


@bp.route("/<code:release>/release", methods=["GET", "POST"])
@allowed(Action.RELEASE_DECIDE, on=Release, load=WHOLE, fresh=True)
def release(release: Release) -> ResponseReturnValue:
    form = StepForm(obj=release)
    if form.validate_on_submit() and is_taken(release, ReleaseStep.RELEASE, form):
        flash(_("已批准导出，申请人可以在有效期内取走一次。"))
        return _shown(release)
    return _step_page("releases/release.html", release, ReleaseStep.RELEASE, form)


@bp.route("/<code:release>/refuse", methods=["GET", "POST"])
@allowed(Action.RELEASE_DECIDE, on=Release, load=WHOLE)
def refuse(release: Release) -> ResponseReturnValue:
    form = RefusalForm(data={"version": release.version})
    if form.validate_on_submit() and is_taken(release, ReleaseStep.REFUSE, form, reason=form.reason.data):
        flash(_("未批准导出，申请人会看到原因。"))
        return _shown(release)
    return _step_page("releases/refuse.html", release, ReleaseStep.REFUSE, form)


def _step_page(template: str, release: Release, step: ReleaseStep, form: StepForm) -> ResponseReturnValue:
    """A link to a step that is not open, or not the reader's to take, leads to the release as it stands."""
    is_open = step in {one.step for one in open_steps(db.session(), release, current_actor())}
    return _page(template, release, form) if is_open or form.form_errors else _shown(release)


def _page(template: str, release: Release, form: StepForm) -> ResponseReturnValue:
    page = release_page(db.session(), release, current_actor(), today())
    return render_page(template, page=page, form=form, status=409 if form.form_errors else 200)


def _shown(release: Release) -> ResponseReturnValue:
    return redirect(url_for(".show", release=release.code), code=303)
