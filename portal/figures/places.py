"""The place of a page about people: a division or an institution within one, and the addresses of its other pages."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from portal.figures.asking import Asked
from registry.divisions.codes import NATION
from registry.divisions.queries import name_of
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.organisations.models import Organisation
from registry.workforce.counting import Place
from reports.figures.readings import names_as_of
from reports.figures.shares import Measure


@dataclass(frozen=True)
class Where:
    """The place of a page: a division, or an institution within one."""

    asked: Asked
    organisation: Organisation | None
    name: str
    """Empty for the whole country."""

    @property
    def place(self) -> Place:
        """The same for counting."""
        owner = self.organisation.id if self.organisation else None
        return Place(self.asked.division, self.asked.basis, owner)

    @property
    def title(self) -> str:
        """As a file calls it."""
        return self.name or str(gettext("全国"))

    def url(self, endpoint: str, **more: str | None) -> str:
        """A page about this place: that of its institution where there is one."""
        values = self.asked.values(by=None, **more)
        if self.organisation is None:
            return url_for(endpoint, code=self.asked.figure.code, **values)
        of_organisation = OF_ORGANISATION[endpoint]
        return url_for(
            of_organisation, code=self.asked.figure.code, organisation=self.organisation.code, **values
        )


OF_ORGANISATION = {
    "figures.show": "figures.organisation",
    "figures.export": "figures.export_of_organisation",
    "ledgers.rules": "ledgers.rules_of_organisation",
    "ledgers.changes": "ledgers.changes_of_organisation",
    "ledgers.corrections": "ledgers.corrections_of_organisation",
}
"""Each page about a division, and the same about an institution."""


def where_of(session: Session, asked: Asked, organisation: Organisation | None) -> Where:
    """The place with its name; InvalidInput for a figure whose denominator is no list of people."""
    if asked.figure.measure is Measure.DENSITY:
        sentence = N_("指标“%(code)s”的分母是常住人口，没有逐人台账；请改看从业人员数（staff）。")
        raise InvalidInput("code", message(sentence, code=asked.figure.code))
    if organisation is not None:
        return Where(asked, organisation, organisation.name)
    if asked.division == NATION:
        return Where(asked, None, "")
    name = name_of(session, asked.division, names_as_of(asked.basis, asked.on))
    return Where(asked, None, name)
