"""/admin/divisions: the tree with its validity, and what was changed in it."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.admin.division_changes import take_back
from portal.extensions import db
from portal.formatting import spoken_message
from portal.htmx import render_page
from portal.listing import asked_day
from portal.security import allowed, current_actor, current_trail
from registry.actions import Action
from registry.clock import today, utc_now
from registry.divisions import queries
from registry.divisions.changes import ChangeRefused
from registry.divisions.codes import NATION, ancestors
from registry.divisions.loading import BEGINNING, CENSUS_YEAR
from registry.divisions.models import Division, DivisionChange
from registry.divisions.population import Residents, residents_of
from registry.errors import NotVisible

bp = Blueprint("divisions", __name__, url_prefix="/admin/divisions")

FOUND_AT_MOST = 100
ROWS_AT_MOST = 200


@dataclass(frozen=True)
class Row:
    """One division of the tree or of what a search found."""

    division: Division
    above: str
    """Names of the shown divisions above, from the province down; only where a search found it."""
    url: str
    """Its own children; empty where it has none."""
    residents: Residents | None

    @property
    def begins_on(self) -> date | None:
        """None where the lists do not say since when."""
        return None if self.division.valid_from <= BEGINNING else self.division.valid_from


@bp.get("")
@allowed(Action.DIVISION_SEE)
def index() -> ResponseReturnValue:
    session, on = db.session(), asked_day()
    typed = request.args.get("q", "").strip()
    place = _place(session, on)
    rows = _found(session, typed, on) if typed else _below(session, place, on)
    return render_page(
        "admin/divisions.html",
        typed=typed,
        on=on,
        place=place,
        trail=[(one.name, _address(one.code, on)) for one in queries.breadcrumbs(session, place, on)],
        rows=rows,
        is_cut=len(rows) == FOUND_AT_MOST and bool(typed),
        changes=queries.changes(session),
        year=CENSUS_YEAR,
        is_today=on == today(),
    )


@bp.get("/changes/<code:code>")
@allowed(Action.DIVISION_SEE)
def change(code: str) -> ResponseReturnValue:
    return _show_change(_change(code))


@bp.post("/changes/<code:code>/undo")
@allowed(Action.DIVISION_CHANGE)
def undo(code: str) -> ResponseReturnValue:
    known = _change(code)
    try:
        take_back(db.session(), code, actor=current_actor(), at=utc_now(), trail=current_trail())
    except ChangeRefused as refusal:
        return _show_change(known, refusal)
    db.session.commit()
    flash(_("区划变更已撤回，所有记录恢复为变更前的区划。"))
    return redirect(url_for(".change", code=code), code=303)


def _show_change(known: DivisionChange, refusal: ChangeRefused | None = None) -> ResponseReturnValue:
    rows: dict[str, list[str]] = {}
    for row in (row for line in known.lines for row in line.moved):
        rows.setdefault(row["label"], []).append(row["name"])
    codes = {code for line in known.lines for code in (line.from_code, line.to_code)}
    return render_page(
        "admin/division_change.html",
        change=known,
        moved=[(_(label), len(names), names[:ROWS_AT_MOST]) for label, names in rows.items()],
        names=queries.names_of(db.session(), codes),
        status=409 if refusal else 200,
        problems=[spoken_message(one.message) for one in refusal.problems] if refusal else [],
    )


def _change(code: str) -> DivisionChange:
    known = queries.change_by_code(db.session(), code)
    if known is None:
        raise NotVisible
    return known


def _place(session: Session, on: date) -> str:
    """The division whose children are shown: the one in the address, or the reader's own."""
    typed = request.args.get("division", "").strip()
    if typed == NATION:
        return NATION
    return queries.resolve(session, typed, on).code if typed else current_actor().division_code


def _below(session: Session, place: str, on: date) -> list[Row]:
    """The children of a division, statistical units included: this is the page that explains them."""
    below = [*queries.children(session, place, on)]
    shown = {division.code for division in below}
    below += [one for one in queries.children(session, place, on, shown_only=False) if one.code not in shown]
    return _rows(session, below, on, is_found=False)


def _found(session: Session, typed: str, on: date) -> list[Row]:
    return _rows(session, queries.search(session, typed, on, limit=FOUND_AT_MOST), on, is_found=True)


def _rows(session: Session, divisions: list[Division], on: date, *, is_found: bool) -> list[Row]:
    codes = [division.code for division in divisions]
    parents = queries.codes_with_children(session, codes, on)
    counts = residents_of(session, codes, CENSUS_YEAR)
    names = _shown_names(session, divisions, on) if is_found else {}
    return [
        Row(
            division=one,
            above="".join(names.get(code, "") for code in ancestors(one.code)),
            url=_address(one.code, on) if one.code in parents else "",
            residents=counts.get(one.code),
        )
        for one in divisions
    ]


def _shown_names(session: Session, divisions: list[Division], on: date) -> dict[str, str]:
    """Names of everything above, pseudo-levels left out."""
    above = {code for one in divisions for code in ancestors(one.code)}
    return queries.names_of(session, above, on, shown_only=True)


def _address(code: str, on: date) -> str:
    return url_for(".index", division=code, on=None if on == today() else on.isoformat())
