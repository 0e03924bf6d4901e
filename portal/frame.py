"""What every page shows around its content: who acts, for which place, the menu, the foot."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, g, request
from flask_login import current_user

from portal.extensions import db
from portal.formatting import language
from portal.navigation import Entry, menu_for
from portal.preferences import has_large_text
from portal.remembering import remembered
from portal.security import actor_may, signed_in_actor
from portal.sessions import Arriving, current_person, current_strictness
from portal.settings import Settings
from portal.statics import Statics
from portal.unsent.keeping import shelf_of
from portal.workflow.withdrawing import is_own_draft, state_word
from registry.access.actors import Actor
from registry.actions import Action
from registry.clock import today, utc_now
from registry.divisions.codes import NATION, ancestors
from registry.divisions.queries import names_of

PRODUCTS = {"zh": "精康通", "en": "Jingkangtong"}


@dataclass(frozen=True)
class Frame:
    """Made before the page is drawn, so that drawing needs no database."""

    is_demo: bool
    duty_phone: str
    language: str
    is_large: bool
    here: str
    """The address to come back to after a preference was changed."""
    is_kept: bool
    """The browser may keep the page: it asks again before it shows it from its memory."""
    drawn_at: datetime
    actor: Actor | None
    shelf: str
    """Where what is typed on the page is kept until it is sent: that of the person in this position."""
    organisation_name: str | None
    division_name: str | None
    menu: tuple[Entry, ...]
    idle_seconds: int
    """After so long without a request the stay is over."""
    has_factor: bool
    is_arriving: bool
    """The password was right, and something is still owed at the door."""

    @property
    def product(self) -> str:
        """The name of the product, the last words of each title."""
        return PRODUCTS[self.language]

    @property
    def html_lang(self) -> str:
        """The language of the document, with its script for Chinese."""
        return "zh-CN" if self.language == "zh" else "en"


def add_frame(app: Flask, settings: Settings, statics: Statics) -> None:
    """Gives templates `frame`, `may`, `Action`, `nonce`, `static`, and the words of drafts."""

    @app.context_processor
    def around() -> dict[str, Any]:
        return {"frame": make_frame(settings), "may": actor_may, "nonce": g.get("nonce", "")}

    app.extensions["statics"] = statics
    app.jinja_env.globals.update(static=statics.url_of, Action=Action, products=PRODUCTS)
    app.jinja_env.globals.update(state_word=state_word, is_own_draft=is_own_draft)


def make_frame(settings: Settings) -> Frame:
    """The frame of this request."""
    actor, person = signed_in_actor(), current_person()
    stay = person.stay if person is not None else None
    return Frame(
        is_demo=settings.is_demo,
        duty_phone=settings.duty_phone,
        language=language(),
        is_large=has_large_text(),
        here=request.full_path.rstrip("?") if request.method == "GET" else "/",
        is_kept=g.get("is_kept", False),
        drawn_at=utc_now(),
        actor=actor,
        shelf=shelf_of(settings, actor) if actor else "",
        organisation_name=current_user.organisation_name if actor else None,
        division_name=place_name(actor.division_code) if actor else None,
        menu=menu_for(actor) if actor else (),
        idle_seconds=int(current_strictness().stay.idle_of(actor.role).total_seconds()) if actor else 0,
        has_factor=stay is not None and stay.has_factor,
        is_arriving=isinstance(person, Arriving),
    )


def place_name(code: str) -> str | None:
    """上海市黄浦区, without the units that pages skip; None for the whole country."""
    if code == NATION:
        return None
    path = [part for part in (*ancestors(code), code) if len(part) != 4 or part == code]
    on = today()
    names = remembered(("place", code, on), lambda: names_of(db.session(), path, on))
    return "".join(names.get(part, "") for part in path) or code
