"""Who of a loaded file counts for the qualified share: the rows of the ledger, person by person."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.figures.people import PersonRow, rows_as_seen
from registry.access.actors import Actor
from registry.divisions.codes import within
from registry.intake.models import IntakeRun
from registry.organisations.models import Site
from registry.workforce.counting import Place
from registry.workforce.models import Post, Practitioner
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.ledger import LedgerRow, Standing, ledger

ORDER = (Standing.HOLDER, Standing.STAFF, Standing.REPEAT, Standing.OUTSIDE)
"""Of several institutions of a division the one where a person counts most is told, as in its ledger."""


def standings_of(
    session: Session, run: IntakeRun, numbers: Sequence[str], *, actor: Actor, on: date
) -> dict[str, PersonRow]:
    """Register number to the row of the ledger of whoever sent the file, of whom it lists on the day.

    What somebody counts for elsewhere is no business of an institution that sends its own people.
    """
    institutions = _institutions(session, run, numbers)
    rule, wanted = QUALIFIED_SHARE.default_rule, set(numbers)
    rows: dict[str, LedgerRow] = {}
    for organisation_id in institutions:
        place = Place(organisation_id=organisation_id)
        for row in ledger(session, QUALIFIED_SHARE, place=place, on=on, rule=rule):
            number = row.person.person_no
            if number in wanted and (number not in rows or _rank(row) < _rank(rows[number])):
                rows[number] = row
    return {seen.row.person.person_no: seen for seen in rows_as_seen(session, list(rows.values()), actor)}


def _institutions(session: Session, run: IntakeRun, numbers: Sequence[str]) -> list[int]:
    if run.organisation_id is not None:
        return [run.organisation_id]
    statement = (
        sa.select(Site.organisation_id)
        .join(Post, Post.site_id == Site.id)
        .join(Practitioner, Practitioner.id == Post.practitioner_id)
        .where(Practitioner.person_no.in_(numbers), within(Site.division_code, run.division_code))
        .distinct()
    )
    return list(session.scalars(statement.order_by(Site.organisation_id)))


def _rank(row: LedgerRow) -> int:
    return ORDER.index(row.standing)
