"""`/figures/<code>/sign`: 签认, the act by which an officer answers for the frozen number of a place."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from portal.extensions import db
from portal.figures.asking import Asked, ask
from portal.figures.speaking import WORDS
from portal.security import allowed, current_actor, current_trail
from registry.access.rules import authorize
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.clock import today, utc_now
from registry.divisions.models import Division
from registry.divisions.queries import name_of
from registry.errors import AlreadySigned, NotFrozen
from registry.messages import N_, message
from registry.policy.models import FigureSnapshot
from registry.policy.operations import sign_frozen
from reports.figures.year_end import Assessment, frozen_days

bp = Blueprint("signing", __name__, url_prefix="/figures")


class SignForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Nothing to type: the button is the act."""


@bp.route("/<code>/sign", methods=["GET", "POST"])
@allowed(Action.FIGURE_SIGN, fresh=True)
def sign(code: str) -> ResponseReturnValue:
    asked, form = asked_of(code), SignForm()
    if form.validate_on_submit():
        signed(asked)
        flash(_("已签认。签认人和时间随定格数一并显示。"))
        values = asked.values(on=None, by=None)
        return redirect(url_for("figures.show", code=code, **values), code=303)
    place = name_of(db.session(), asked.division)
    return render_template(
        "figures/sign.html", form=form, asked=asked, place=place, assessed=unsigned(asked), words=WORDS
    )


def asked_of(code: str) -> Asked:
    """The place and day in the address, of which the actor may sign the number."""
    actor = current_actor()
    asked = ask(request.args, code=code, actor=actor, session=db.session(), today=today())
    authorize(actor, Action.FIGURE_SIGN, Division(code=asked.division), see=Action.FIGURE_SEE)
    return asked


def unsigned(asked: Asked) -> Assessment:
    """The newest that was frozen up to the day; NotFrozen or AlreadySigned where there is nothing to sign."""
    frozen = frozen_days(db.session(), asked.figure, division=asked.division, on=asked.on, rule=asked.rule)
    if not frozen:
        raise NotFrozen(message(N_("%(day)s的数据尚未定格，定格后才能签认。"), day=asked.on.isoformat()))
    if frozen[0].signed_by is not None:
        sentence = N_("%(day)s的定格数已由%(name)s签认，不能重复签认。")
        raise AlreadySigned(message(sentence, day=frozen[0].on.isoformat(), name=frozen[0].signed_by))
    return frozen[0]


def signed(asked: Asked) -> FigureSnapshot:
    """Signs in one transaction with its entry in the trail."""
    actor, trail, at, session = current_actor(), current_trail(), utc_now(), db.session()
    kept = sign_frozen(
        session,
        figure_code=asked.figure.code,
        counting_rule=asked.rule.code,
        division_code=asked.division,
        on=unsigned(asked).on,
        at=at,
        by=actor.name,
    )
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.FIGURE_SIGN,
        result=Result.DONE,
        subject_type="figure",
        subject_code=asked.figure.code,
        division_code=asked.division,
        facts={
            "on": kept.on.isoformat(),
            "rule": asked.rule.code.value,
            "numerator": kept.numerator,
            "denominator": kept.denominator,
        },
    )
    session.commit()
    return kept
