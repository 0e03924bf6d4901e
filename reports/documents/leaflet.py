"""One sheet of A4 in large type for the notice board of a street: whom to call, where to go, how to apply.

Elderly parents read it: phones are the largest, and nothing on it says what anybody suffers from.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from registry.messages import N_
from reports.documents.fonts import refuse_without_fonts
from reports.documents.pdf import environment, laid_out
from reports.documents.qr import qr_svg
from reports.documents.speech import Speech

SHEET = "leaflet.css"
SIZES = ("one", "two", "three", "four", "close", "closest")
"""Of the type, the largest first; the last two leave out what the places offer."""
LEAST_OFFERS = "four"

STEPS = (
    N_("本人愿意，就可以申请。"),
    N_("可以由家属代办，也可以请居（村）委会代填，或请医院帮助申请。"),
    N_("5个工作日内核实登记，再过5个工作日内转到合适的服务点，结果会通知您。"),
)


@dataclass(frozen=True)
class LeafletPhone:
    """A number, and what one rings it for; empty where it stands alone."""

    number: str
    label: str


@dataclass(frozen=True)
class LeafletPlace:
    """One place; texts as they are registered."""

    name: str
    phones: Sequence[LeafletPhone]
    """Empty where none is registered: then the hotline is told."""
    address: str
    hours: Sequence[str]
    offers: str
    fee: str
    is_example: bool


@dataclass(frozen=True)
class Leaflet:
    """What the sheet of one street says."""

    street: str
    district: str
    places: Sequence[LeafletPlace]
    around: str
    """The division whose places stand here because the street has none; empty where it has."""
    more: int
    """Places of that division that have no room here."""
    hotline: str
    url: str
    """What the QR holds; empty where the public address is not told."""
    as_of: str


def leaflet_html(leaflet: Leaflet, say: Speech) -> tuple[str, ...]:
    """The whole sheet as HTML with the QR inside, in each size of type that may do, the largest first."""
    template = environment().get_template("leaflet.html")
    qr = (
        f"data:image/svg+xml;base64,{b64encode(qr_svg(leaflet.url).encode()).decode()}" if leaflet.url else ""
    )
    steps = [say(step) for step in STEPS]
    largest = min(max(len(leaflet.places), 1), len(SIZES)) - 1
    return tuple(
        str(
            template.render(
                leaflet=leaflet,
                say=say,
                N_=N_,
                qr=qr,
                steps=steps,
                size=size,
                says_offers=SIZES.index(size) <= SIZES.index(LEAST_OFFERS),
            )
        )
        for size in SIZES[largest:]
    )


def leaflet_pdf(sizes: Sequence[str]) -> bytes:
    """The bytes of the first that is one sheet, else of the smallest; CannotIssue where Chinese fonts are missing."""
    refuse_without_fonts()
    for html in sizes:
        sheet = laid_out(html, SHEET)
        if len(sheet.pages) == 1:
            break
    content: bytes = sheet.write_pdf()
    return content
