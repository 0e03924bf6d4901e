"""A spot of the stage as records stand on it: a site, its organisation, and somebody there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from registry.access.models import Account, Role
from registry.organisations.models import (
    Organisation,
    Site,
)
from registry.sealing.providers import SealProvider
from tests.access.canaries import Person
from tests.access.geography import ENDED, NAMES, Spot
from tests.factories import (
    make_account,
    make_division,
    make_organisation,
    make_site,
    make_standing,
)

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


LAST_YEAR = date(2025, 6, 1)


ROLE_AT = {2: Role.PROVINCE, 4: Role.CITY, 6: Role.DISTRICT, 9: Role.STREET, 12: Role.STREET}


"""Who answers for a place, by the digits of its code."""


NEWCOMERS = 40


"""More than there are spots."""


HEADS = "人员编号,姓名,出生年份,站点编号,岗位,用工形式,是否从事社区康复服务,任职日期,身份证号,联系电话\n"


@dataclass(frozen=True)
class Ground:
    """What the records of a spot stand on."""

    session: Session
    seals: SealProvider
    spot: Spot
    organisation: Organisation
    site: Site
    account: Account
    """Of somebody who stands at this place or in this organisation."""
    person: Person

    @property
    def newcomer(self) -> Person:
        """Who stands in the file that was sent from here, and nowhere in the register."""
        return Person(self.person.number + NEWCOMERS, self.spot)

    @property
    def is_over(self) -> bool:
        return self.spot.state == "ended"


def lay_out(session: Session) -> None:
    """The divisions."""
    for code, name in NAMES.items():
        make_division(session, code, name=name)
    for place, code in ENDED.items():
        make_division(session, code, name=f"原{NAMES[place]}片区", valid_to=date(2022, 1, 1))


def ground_at(
    session: Session, seals: SealProvider, spot: Spot, number: int, owner: Organisation | None = None
) -> Ground:
    """A site; of its owner, who is there already, or of an organisation of its own."""
    is_over = spot.state == "ended"
    ends = {"closed_on": LAST_YEAR} if is_over else {}
    organisation = owner or _organisation(session, spot.place, ends)
    site = make_site(session, organisation, division_code=spot.place, **ends)
    account = _account(session, spot, organisation)
    return Ground(session, seals, spot, organisation, site, account, Person(number, spot))


def _account(session: Session, spot: Spot, organisation: Organisation) -> Account:
    """In the role of the place or of the organisation; where the spot is over, so is the position."""
    role, held = Role(spot.owner) if spot.owner else ROLE_AT[len(spot.place)], {}
    if spot.owner:
        held["organisation"] = organisation
    account = make_account(session, role, division_code=spot.place, **held)
    if spot.state == "ended":
        account.positions[0].ended_on = LAST_YEAR
    return account


def _organisation(session: Session, place: str, ends: Mapping[str, date]) -> Organisation:
    organisation = make_organisation(session, division_code=place, **ends)
    make_standing(session, organisation, **({"ended_on": LAST_YEAR} if ends else {}))
    return organisation


def added(session: Session, record: Any) -> Any:
    session.add(record)
    session.flush()  # its code is asked for
    return record
