"""The parts of a place before its people: how many each counts, and where its own ledger is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from portal.figures.places import Where
from portal.figures.reading import reading_of
from portal.formatting import word_within
from registry.divisions.codes import Level
from reports.figures.readings import Part, Reading
from reports.figures.shares import Share


@dataclass(frozen=True)
class Fold:
    """A division or an institution, closed: its counts and the address of its ledger."""

    name: str
    share: Share
    url: str


@dataclass(frozen=True)
class Folds:
    """All of one place."""

    title: str
    each: Sequence[Fold]


def parts_title(reading: Reading) -> str:
    """各街镇, 各机构: what the parts of a reading are."""
    if reading.by in (Level.SITE, None):
        return str(gettext("各机构"))
    return str(gettext("各%(level)s", level=word_within(reading.by)))


def folds_of(session: Session, where: Where, only: str | None) -> Folds | None:
    """The parts with somebody listed; None for an institution, and where there is one part alone."""
    if where.organisation is not None:
        return None
    reading = reading_of(session, replace(where.asked, by=None))
    parts = [part for part in reading.parts if part.institutions.listed and not part.is_rest]
    if len(parts) < 2:  # one part is the place itself
        return None
    return Folds(
        parts_title(reading), [Fold(part.name, part.share, _url(where, part, only)) for part in parts]
    )


def _url(where: Where, part: Part, only: str | None) -> str:
    asked = where.asked
    if part.level is Level.SITE:
        values = asked.values(by=None, only=only)
        return url_for(
            "ledgers.rules_of_organisation", code=asked.figure.code, organisation=part.code, **values
        )
    return where.url("ledgers.rules", division=part.code, only=only)
