"""来源系统 and 权威来源: which systems of others list what we list, and which of them a field is taken from."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.extensions import db
from portal.htmx import render_page
from portal.reconciliations.forms import OWN, AuthorityForm, SystemForm, chosen
from portal.reconciliations.views import authority_fields
from portal.security import allowed, current_actor, current_trail
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import InvalidInput, NotVisible, StaleVersion
from registry.reconciliations.keeping import change_system, enter_system, set_authorities
from registry.reconciliations.models import FieldAuthority, SourceSystem, SubjectKind
from registry.reconciliations.queries import authorities_on, systems_for

bp = Blueprint("source_systems", __name__, url_prefix="/reconciliations")


@bp.get("/systems")
@allowed(Action.SOURCE_SYSTEM_SEE)
def index() -> ResponseReturnValue:
    session, place = db.session(), current_actor().division_code
    in_force = {kind: authorities_on(session, kind, place, today()) for kind in SubjectKind}
    return render_page(
        "reconciliations/systems.html",
        systems=systems_for(session, place),
        kinds=[(kind, _lines(kind, in_force[kind])) for kind in SubjectKind],
    )


def _lines(kind: SubjectKind, in_force: dict[str, FieldAuthority]) -> list[tuple[str, FieldAuthority]]:
    """What is in force, field by field."""
    return [(label, in_force[key]) for key, label in authority_fields(kind) if key in in_force]


@bp.route("/systems/new", methods=["GET", "POST"])
@allowed(Action.SOURCE_SYSTEM_KEEP)
def new() -> ResponseReturnValue:
    form = SystemForm()
    if form.validate_on_submit():
        session = db.session()
        how: dict[str, Any] = {"actor": current_actor(), "at": utc_now(), "trail": current_trail()}
        try:
            enter_system(session, form.facts(), **how)
        except InvalidInput as fault:
            session.rollback()
            form.refused(fault)
        else:
            session.commit()
            flash(_("来源系统已登记。"))
            return redirect(url_for(".index"), code=303)
    return render_page("reconciliations/system.html", form=form, system=None, title=_("登记来源系统"))


@bp.route("/systems/<code:source_system>", methods=["GET", "POST"])
@allowed(Action.SOURCE_SYSTEM_KEEP, on=SourceSystem)
def change(source_system: SourceSystem) -> ResponseReturnValue:
    form, session, status = SystemForm(obj=source_system), db.session(), 200
    if form.validate_on_submit():
        how: dict[str, Any] = {"actor": current_actor(), "at": utc_now(), "trail": current_trail()}
        try:
            is_changed = change_system(
                session, source_system, form.facts(), version=form.version.data or 0, **how
            )
        except InvalidInput as fault:
            session.rollback()
            form.refused(fault)
        except StaleVersion:
            session.rollback()
            form.overtaken(source_system.version)
            status = 409
        else:
            session.commit()
            flash(_("来源系统已修改。") if is_changed else _("内容没有变化。"))
            return redirect(url_for(".index"), code=303)
    return render_page(
        "reconciliations/system.html",
        form=form,
        system=source_system,
        is_overtaken=status == 409,
        title=_("修改来源系统"),
        status=status,
    )


@bp.route("/authorities/<kind>", methods=["GET", "POST"])
@allowed(Action.SOURCE_SYSTEM_KEEP)
def authorities(kind: str) -> ResponseReturnValue:
    wanted = _kind_of(kind)
    session, place, form = db.session(), current_actor().division_code, AuthorityForm()
    systems = systems_for(session, place)
    if form.validate_on_submit():
        try:
            return _set(wanted, systems, form)
        except InvalidInput as fault:
            session.rollback()
            form.refused(fault)
    elif request.method == "GET":
        form.valid_from.data = today()
    in_force = authorities_on(session, wanted, place, today())
    return render_page(
        "reconciliations/authorities.html",
        form=form,
        kind=wanted,
        lines=[(key, label, _standing(key, in_force)) for key, label in authority_fields(wanted)],
        choices=[(OWN, _("本系统（精康通）")), *((one.code, one.name) for one in systems)],
        status=400 if form.errors else 200,
    )


def _standing(key: str, in_force: dict[str, FieldAuthority]) -> str:
    """What stands in the box: what was typed, else what is in force."""
    if f"field-{key}" in request.form:
        return request.form[f"field-{key}"]
    said = in_force.get(key)
    return "" if said is None else (said.system.code if said.system else OWN)


def _set(kind: SubjectKind, systems: list[SourceSystem], form: AuthorityForm) -> ResponseReturnValue:
    by_code: dict[str, SourceSystem | None] = {OWN: None} | {one.code: one for one in systems}
    told = chosen("field", [key for key, _label in authority_fields(kind)], by_code)
    session = db.session()
    count = set_authorities(
        session,
        kind,
        {key: by_code[code] for key, code in told.items() if code},
        valid_from=form.valid_from.data,
        basis=form.basis.data or "",
        actor=current_actor(),
        at=utc_now(),
        trail=current_trail(),
    )
    session.commit()
    flash(_("已更新%(count)s个项目的权威来源。", count=count) if count else _("内容没有变化。"))
    return redirect(url_for(".index"), code=303)


def _kind_of(code: str) -> SubjectKind:
    if code not in set(SubjectKind):
        raise NotVisible
    return SubjectKind(code)
