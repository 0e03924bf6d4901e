"""The sheet of a street as a PDF: laid out once for the same contents, kept on disk beside the portal's other files."""

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from urllib.parse import quote

from flask import Response, current_app, make_response, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from portal.formatting import language
from portal.public.areas import Area
from portal.public.cards import Card, cards_of
from portal.settings import Settings
from registry.directory.offices import office_line
from registry.divisions.models import Division
from reports.documents.leaflet import SHEET, Leaflet, LeafletPhone, LeafletPlace, leaflet_html, leaflet_pdf
from reports.documents.pdf import stylesheet
from reports.documents.speech import Speech
from reports.writing import kept_if_possible

MOST_PLACES = 5


def leaflet_of(session: Session, area: Area, on: date) -> tuple[Division, Sequence[str]]:
    """The street, and its sheet as HTML in several sizes of type."""
    street = area.division
    if street is None:
        raise LookupError("a leaflet is made for a street")
    settings: Settings = current_app.extensions["settings"]
    address = url_for("public.area", area=street.code)
    places = [*area.places, *area.elsewhere]
    more = max(0, len(places) - MOST_PLACES) + area.more_elsewhere
    leaflet = Leaflet(
        street=street.name,
        district="".join(one.name for one in area.trail if len(one.code) == 6),
        places=[_place(card) for card in cards_of(session, places[:MOST_PLACES])],
        around=area.around.name if area.around else "",
        more=more,
        hotline=office_line(session, street.code, on),
        url=f"{settings.public_url}{address}" if settings.public_url else "",
        as_of=_speech().day(on),
    )
    return street, leaflet_html(leaflet, _speech())


def pdf_of(made: tuple[Division, Sequence[str]]) -> Response:
    """The file; its name says no more than its title."""
    street, sizes = made
    response = make_response(_kept(street.code, sizes))
    response.mimetype = "application/pdf"
    name = quote(f"社区康复服务点-{street.name}.pdf")
    response.headers["Content-Disposition"] = (
        f"inline; filename=\"{street.code}.pdf\"; filename*=UTF-8''{name}"
    )
    return response


def _kept(code: str, sizes: Sequence[str]) -> bytes:
    """Half a second of layout is spent once for each state of a street, whoever asks how often."""
    settings: Settings = current_app.extensions["settings"]
    digest = hashlib.sha256("".join((*sizes, stylesheet(SHEET))).encode()).hexdigest()[:20]
    file = settings.home / "cache" / "leaflets" / f"{code}-{digest}.pdf"
    if file.is_file():
        return file.read_bytes()
    data = leaflet_pdf(sizes)
    _forget_older(file)
    kept_if_possible(file, data)
    return data


def _forget_older(file: Path) -> None:
    if file.parent.is_dir():
        for older in file.parent.glob(f"{file.name.split('-')[0]}-*.pdf"):
            older.unlink(missing_ok=True)


def _place(card: Card) -> LeafletPlace:
    fees = dict.fromkeys(offer.fee for offer in card.offers)
    return LeafletPlace(
        name=card.site.name.removesuffix("（示例）"),
        phones=[LeafletPhone(call.number, call.label) for call in card.phones[:2]],
        address=card.site.address,
        hours=_hours(card),
        offers=gettext("、").join(dict.fromkeys(offer.kind for offer in card.offers)),
        fee=next(iter(fees)) if len(fees) == 1 else "",
        is_example=card.place.is_example,
    )


def _hours(card: Card) -> list[str]:
    """When the door is open; of a place that told no hours, when its services are."""
    told = card.place.told.hours
    return [told] if told else list(dict.fromkeys(offer.when for offer in card.offers))[:2]


def _speech() -> Speech:
    """The reader's: half an English sheet would help nobody."""
    return Speech(gettext, language())
