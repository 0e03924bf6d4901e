"""Where the list and the register plainly say different things of one organisation."""

from dataclasses import dataclass
from datetime import date

from registry.dossiers.facts import Picture, picture_on
from registry.dossiers.models import DifferingField, Dossier

LATEST = date.max
"""Whatever is on file, for the comparison with the register as it stands."""


@dataclass(frozen=True)
class Difference:
    """One field with both values, as text."""

    field: DifferingField
    register: str
    listed: str

    @property
    def is_one(self) -> bool:
        """Both say something, and not the same."""
        return bool(self.register and self.listed) and self.register != self.listed


def compared(dossier: Dossier) -> tuple[Difference, ...]:
    """What can be compared: name and day of registration; the credit code is the identity itself."""
    organisation, picture = dossier.organisation, picture_of(dossier)
    return (
        Difference(DifferingField.NAME, organisation.name, picture.name),
        Difference(DifferingField.REGISTERED_ON, _text(organisation.opened_on), _text(picture.registered_on)),
    )


def differences(dossier: Dossier) -> list[Difference]:
    """Only what differs."""
    return [one for one in compared(dossier) if one.is_one]


def picture_of(dossier: Dossier) -> Picture:
    """All that is on file."""
    return picture_on(dossier.facts, LATEST)


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()
