"""`/check`: whoever holds a paper sees what was printed under its code, and whether the register still says so.

The page is open to everybody who has the code: ten of 31 letters are not guessed. What it shows without a sign-in is
what stands on the paper; the name of the issuer, today's numbers and the rows ask for the permission on the place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from portal.days import printable
from portal.documents.making import printed_part
from portal.documents.views import asked_values
from portal.extensions import db
from portal.htmx import render_page
from portal.security import actor_may, public
from registry.actions import Action
from registry.divisions.codes import Level
from registry.documents.codes import grouped, typed_code
from registry.documents.models import DocumentKind, IssuedDocument, PrintedPart
from registry.documents.queries import issued_under
from registry.organisations.models import Organisation
from reports.documents.briefing import printed_name
from reports.figures.definitions import FigureDefinition, figure
from reports.figures.readings import Reading, names_as_of, organisation_share, share
from reports.figures.wording import percent_text

bp = Blueprint("check", __name__)


@dataclass(frozen=True)
class Difference:
    """A line of the table that the register counts otherwise today; None where the line is new or gone."""

    name: str
    then: PrintedPart | None
    now: PrintedPart | None


@dataclass(frozen=True)
class Comparison:
    """The same question, asked today."""

    reading: Reading
    percent: str
    differences: Sequence[Difference]
    is_same: bool
    moved_to: str
    """The place that answers for the printed one since the divisions changed; empty where it is the same."""


@bp.get("/check")
@public
def index() -> ResponseReturnValue:
    typed = request.args.get("code", "").strip()
    if not typed:
        return render_page("check/index.html", typed="", fault="")
    code = typed_code(typed)
    if code is not None and issued_under(db.session(), code) is not None:
        return redirect(url_for(".show", typed=code), code=303)
    return _unknown(typed)


@bp.get("/check/<typed>")
@public
def show(typed: str) -> ResponseReturnValue:
    code = typed_code(typed)
    document = issued_under(db.session(), code) if code else None
    if document is None:
        return _unknown(typed)
    if code != typed:
        return redirect(url_for(".show", typed=code), code=303)
    is_known = actor_may(Action.DOCUMENT_SEE, document)
    asked = figure(document.figure_code)
    return render_page(
        "check/show.html",
        document=document,
        check_code=grouped(document.code),
        figure=asked,
        rule=asked.rule(document.rule),
        comparison=compared(db.session(), document, asked) if is_known else None,
        figure_url=_figure_url(document),
        rows_url=_figure_url(document, by=Level.SITE.value),
        text=gettext,
    )


def compared(session: Session, document: IssuedDocument, asked: FigureDefinition) -> Comparison:
    """Line by line: what was printed, and what the register counts now for the same day."""
    organisation = organisation_of(session, document)
    reading = _reading(session, document, asked, organisation)
    then = {part.code: part for part in document.printed_parts}
    now = {part.code: printed_part(part) for part in reading.parts}
    differences = [
        Difference((now.get(code) or then[code]).name, then.get(code), now.get(code))
        for code in dict.fromkeys((*then, *now))
        if _counts(then.get(code)) != _counts(now.get(code))
    ]
    whole = (reading.share.numerator, reading.share.denominator)
    is_same = not differences and whole == (document.numerator, document.denominator)
    place = (
        organisation.name
        if organisation is not None
        else printed_name(session, document.division_code, names_as_of(document.basis, document.on))
    )
    moved_to = "" if place == document.place_name else place
    return Comparison(reading, percent_text(reading.share), differences, is_same, moved_to)


def organisation_of(session: Session, document: IssuedDocument) -> Organisation | None:
    """The one that a document speaks of; None where it speaks of a place."""
    if document.organisation_code is None:
        return None
    return session.scalar(sa.select(Organisation).where(Organisation.code == document.organisation_code))


def _reading(
    session: Session, document: IssuedDocument, asked: FigureDefinition, organisation: Organisation | None
) -> Reading:
    rule, on, basis = asked.rule(document.rule), document.on, document.basis
    if organisation is not None:
        return organisation_share(session, asked, organisation=organisation, on=on, rule=rule, basis=basis)
    by = Level.SITE if document.kind is DocumentKind.PLAN else None
    return share(session, asked, division=document.division_code, on=on, rule=rule, basis=basis, by=by)


def _counts(part: PrintedPart | None) -> tuple[int, int] | None:
    return (part.numerator, part.denominator) if part else None


def _figure_url(document: IssuedDocument, **more: str) -> str:
    if document.organisation_code is not None:
        return url_for(
            "figures.organisation",
            code=document.figure_code,
            organisation=document.organisation_code,
            on=document.on.isoformat(),
            rule=document.rule.value,
        )
    return url_for("figures.show", code=document.figure_code, **asked_values(document, **more))


def _unknown(typed: str) -> ResponseReturnValue:
    shown = printable(typed)
    if typed_code(typed) is None:
        fault = gettext(
            "“%(typed)s”不是核验码。核验码共10位，印在文件末页，由数字和字母组成，不含0、1、i、l、o；请对照重填。",
            typed=shown,
        )
    else:
        fault = gettext(
            "没有以核验码“%(typed)s”出具过文件。请对照文件末页重填；仍查不到的，文件可能不是由本系统出具，请向出具单位核实。",
            typed=shown,
        )
    return render_page("check/index.html", status=404, typed=shown, fault=fault)
