"""What people wrote down: who is let in where (`expected.csv`), and how far each act reaches (`reach.csv`).

Both are written by hand from the authorization table of the threat model, never from an answer of the code. A row of
`expected.csv` read aloud: "the page of a person of one's own place: the district is let in, the health department is
told that there is no such page". Its words:

- `ok`: let in. The page, the file, the next page; or a form's own objection to what was typed.
- `403`: told openly that somebody else does this.
- `404`: told what somebody is told who asks for a record that does not exist.
- `door`: led to the sign-in page, or told 401.

`record` says where the record lies: at the place or in the organisation of whoever asks (`own`), or in another province
(`outside`); where an address names no record, this is the division in its query or form.

The words of `reach.csv` are those of `Reach`: "a street reveals a number within its place; a charity nowhere".
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from werkzeug.test import TestResponse

from registry.access.models import Role
from registry.divisions.models import Division
from registry.documents.models import IssuedDocument
from registry.enquiries.models import Enquiry
from registry.inspections.models import Inspection
from registry.majors.models import MajorChange
from registry.organisations.models import AddressChange
from registry.provider_entries.models import ProviderEntry
from registry.reconciliations.models import SourceSystem
from registry.services.models import ServiceReport
from registry.station_filings.models import StationFiling
from tests.access.geography import HOMES, Relation, Spot

FOLDER = Path(__file__).parent
WORDS = ("ok", "403", "404", "door")
READS, WRITES = {200, 303}, {200, 303, 400, 409}


@dataclass(frozen=True)
class Row:
    """One line of `expected.csv`."""

    endpoint: str
    method: str
    record: str
    cells: dict[str, str]

    @property
    def name(self) -> str:
        """As the question is called that asks it."""
        return f"{self.endpoint} {self.method} {self.record}".strip()


def rows() -> list[Row]:
    """Every line, in its order."""
    return [
        Row(line.pop("endpoint"), line.pop("method"), line.pop("record"), line)
        for line in _lines("expected.csv")
    ]


def word_for(answer: TestResponse, method: str) -> str:
    """What an answer says, in a word of the table; anything else by its number."""
    status, location = answer.status_code, answer.headers.get("Location", "")
    if status == 401 or (status == 303 and location.startswith("/sign-in?next=")):
        return "door"
    if status in (READS if method in ("GET", "HEAD") else WRITES):
        return "ok"
    return str(status)


HANDED_OVER = "handed over"
"""The column of `reach.csv` that speaks of deputies."""


class Reach(StrEnum):
    """How far somebody may do something."""

    NOWHERE = "-"
    EVERYWHERE = "everywhere"
    PLACE = "place"
    """His place and what lies below it."""
    ORGANISATION = "organisation"
    BOTH = "place or organisation"


BELONG_TO_NOBODY = (Division, Enquiry, IssuedDocument, MajorChange, SourceSystem)
"""Records that no organisation owns."""
ITS_AUTHORS_ALONE = (AddressChange, ProviderEntry, ServiceReport, StationFiling)
"""Records of which an officer sees what was handed in, and no draft."""
NOT_TOLD = (Inspection,)
"""Records of officers, of which an organisation knows when it is told."""


def reaches() -> dict[tuple[str, str], Reach]:
    """By act and role."""
    return {
        (line["action"], role): Reach(word)
        for line in _lines("reach.csv")
        for role, word in line.items()
        if role not in ("action", HANDED_OVER)
    }


def handed_over() -> dict[str, str]:
    """The least extent in which each act is handed over to a deputy; `always` and `never` are words of their own."""
    return {line["action"]: line[HANDED_OVER] for line in _lines("reach.csv")}


def is_reached(reach: Reach, relation: Relation, model: type) -> bool:
    """Whether somebody with this reach comes as far as a record that stands in this relation to him."""
    if reach is Reach.EVERYWHERE:
        return True
    is_his = relation in (Relation.OWN, Relation.ENDED, Relation.DRAFT)
    is_here = is_his or relation in (Relation.NEIGHBOUR, Relation.CHILD)
    if model in ITS_AUTHORS_ALONE and relation is Relation.DRAFT:
        is_here = False  # what was not handed in is its author's alone
    if model in NOT_TOLD and relation is Relation.DRAFT:
        is_his = False
    by_place = reach in (Reach.PLACE, Reach.BOTH) and is_here
    by_organisation = reach in (Reach.ORGANISATION, Reach.BOTH) and is_his and model not in BELONG_TO_NOBODY
    return by_place or by_organisation


def comes_to(reach: Reach, role: Role, spot: Spot, model: type) -> bool:
    """The same for any spot: a place holds what its code begins, an organisation what is its own."""
    if reach is Reach.EVERYWHERE:
        return True
    is_here = spot.place.startswith(HOMES[role]) and not (
        model in ITS_AUTHORS_ALONE and spot.state == "draft"
    )
    is_told = not (model in NOT_TOLD and spot.state == "draft")
    is_his = spot.owner == role.value and model not in BELONG_TO_NOBODY and is_told
    return (reach in (Reach.PLACE, Reach.BOTH) and is_here) or (
        reach in (Reach.ORGANISATION, Reach.BOTH) and is_his
    )


def _lines(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open() as file:
        yield from csv.DictReader(file)
