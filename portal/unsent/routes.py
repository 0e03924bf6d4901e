"""/unsent: keeps what is typed into a form while it is typed, and gives it back when the form is opened again.

The page asks by script (static/js/unsent.js); which form it is, its address says. Forms of several pages have drafts
of their own (portal/drafts).
"""

import json
import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.routing.exceptions import RequestRedirect

from portal.formatting import moment, spoken_message
from portal.sealing import current_seals
from portal.security import allowed, current_actor, signed_in_actor
from portal.settings import Settings
from portal.unsent.keeping import LONGEST, Answers, Unsent, UnsentForms, shelf_of
from registry.access.actors import Actor
from registry.actions import Action
from registry.clock import utc_now
from registry.errors import InvalidInput
from registry.messages import N_, message

LONGEST_PATH, LONGEST_NAME, LONGEST_VERSION = 1_000, 64, 20
PAGES = "unsent"
"""The field in which a form that is sent names its page, and the page whose words were filled in."""
MOST_PAGES = 2

log = logging.getLogger(__name__)

bp = Blueprint("unsent", __name__, url_prefix="/unsent")


def end_what_is_sent(app: Flask) -> None:
    """A form that was sent and taken is kept no longer: it is answered by leading on."""

    @app.after_request
    def end(response: Response) -> Response:
        is_taken = request.method == "POST" and response.status_code == HTTPStatus.SEE_OTHER
        pages = _pages() if is_taken else ()
        actor = signed_in_actor() if pages else None
        if actor is not None:
            _end(actor, pages)
        return response


@bp.get("")
@allowed(Action.UNSENT_KEEP)
def show() -> ResponseReturnValue:
    kept = _forms_of(current_actor()).of(request.args.get("path", "")[:LONGEST_PATH])
    if kept is None:
        return jsonify(sentence="", page="", version="", answers={})
    sentence = _("您在 %(time)s 填写的内容没有提交，已经填回本页。", time=moment(kept.kept_at))
    return jsonify(sentence=sentence, page=kept.page, version=kept.version, answers=kept.answers)


@bp.post("/keep")
@allowed(Action.UNSENT_KEEP)
def keep() -> ResponseReturnValue:
    """The answer is for the script of the page, which shows its sentence."""
    try:
        is_kept = _is_kept()
    except InvalidInput as refused:
        return jsonify(error=spoken_message(refused.message) if refused.message else ""), HTTPStatus.CONFLICT
    time = moment(utc_now())[-5:]
    return jsonify(sentence=_("已暂存 %(time)s，提交前不生效", time=time) if is_kept else "")


def _is_kept() -> bool:
    """Whether something is kept now; InvalidInput where nothing can be."""
    path, page = _typed("path", LONGEST_PATH), _typed("page", LONGEST_NAME)
    if not page or not _takes_forms(path):
        raise InvalidInput("path", message(N_("没有这样的表单，内容未能暂存。请返回原页，直接提交。")))
    if _typed("shelf", LONGEST_NAME) != shelf_of(_settings(), current_actor()):
        raise InvalidInput(
            "shelf", message(N_("岗位已切换，本页内容没有暂存。请回到原岗位填写，或直接提交。"))
        )
    answers = _typed_answers()
    unsent = Unsent(page, _typed("version", LONGEST_VERSION), answers, utc_now().isoformat())
    is_open = _forms_of(current_actor()).keep(path, unsent, before=_typed("before", LONGEST_NAME))
    return is_open and bool(answers)


def _pages() -> list[str]:
    return [str(one)[:LONGEST_NAME] for one in request.form.getlist(PAGES) if one][:MOST_PAGES]


def _end(actor: Actor, pages: Sequence[str]) -> None:
    try:
        _forms_of(actor).end(request.full_path.rstrip("?"), pages)
    except OSError as error:  # what was taken is taken: the form would be filled in again, and says so
        log.warning("an unsent form was not taken away: %s", error)


def _forms_of(actor: Actor) -> UnsentForms:
    return UnsentForms(_settings(), current_seals(), actor)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _typed(name: str, longest: int) -> str:
    return str(request.form.get(name, ""))[:longest]


def _takes_forms(path: str) -> bool:
    """Whether a form can be sent to the address: names of our own are not made up."""
    try:
        current_app.url_map.bind("").match(path.partition("?")[0], method="POST")
    except (HTTPException, RequestRedirect):
        return False
    return True


def _typed_answers() -> Answers:
    typed = str(request.form.get("answers", ""))
    if len(typed) > LONGEST:
        raise InvalidInput("answers", message(N_("填写的内容太长，没有暂存。请直接提交。")))
    try:
        answers = json.loads(typed)
    except (ValueError, RecursionError):
        answers = None
    if not _are_answers(answers):
        raise InvalidInput("answers", message(N_("填写的内容读不出来，没有暂存。请直接提交。")))
    return {str(name): list(said) for name, said in answers.items()}


def _are_answers(found: Any) -> bool:
    """An object of lists of texts, as the script of the page sends it."""
    return isinstance(found, dict) and all(
        isinstance(said, list) and all(isinstance(one, str) for one in said) for said in found.values()
    )
