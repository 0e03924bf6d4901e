"""A file above the cap, where it is made: asked for with its purpose, and named by its release when it is taken."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.extensions import db
from portal.security import current_actor, current_trail
from registry.access.exports import Purpose
from registry.access.rules import authorize
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import NotVisible
from registry.policy.queries import working_calendar
from registry.releases.models import Release
from registry.releases.operations import Wanted, release_of
from registry.releases.queries import release_by_code, release_by_id
from registry.workflow.operations import start

RELEASE, DAY, FORMAT = "release", "on", "format"


def asked_for() -> dict[str, str]:
    """The question in the address with its day written out, so that it asks the same tomorrow."""
    typed = {key: value.strip() for key, value in request.args.items() if key not in (RELEASE, FORMAT)}
    return {key: value for key, value in typed.items() if value} | {
        DAY: typed.get(DAY) or today().isoformat()
    }


def ask_for_release(wanted: Wanted, purpose: Purpose, key: str) -> ResponseReturnValue:
    """Leads to the release that this form makes, or made before; RequirementUnmet where it cannot be asked for."""
    session, actor, at = db.session(), current_actor(), utc_now()
    taken = start(
        session,
        release_of(wanted, purpose, actor=actor, at=at),
        actor=actor,
        at=at,
        trail=current_trail(),
        calendar=working_calendar(session),
        idempotency_key=key,
    )
    session.commit()
    release = release_by_id(session, taken.subject_id)
    if release is None:
        raise NotVisible
    flash(_("申请已提出，等待复核。批准后待办里会出现取走文件的事项。"))
    return redirect(url_for("releases.show", release=release.code), code=303)


def release_named() -> Release | None:
    """The release in the address; None where it names none, NotVisible where the reader may not know of it."""
    code = request.args.get(RELEASE, "")
    if not code:
        return None
    release = release_by_code(db.session(), code)
    if release is None:
        raise NotVisible
    authorize(current_actor(), Action.RELEASE_ASK, release, see=Action.RELEASE_SEE)
    return release
