"""Opens organisations and sites, grants and ends standings. A site is moved by its change of address."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from stdnum.cn import uscc as credit_codes

from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.organisations.models import (
    Organisation,
    OrganisationKind,
    Precision,
    Site,
    SiteKind,
    SitePlacement,
    Standing,
    StandingKind,
)

USCC_LENGTH = 18


@dataclass(frozen=True)
class Origin:
    """Where a record came from, and under which reference its source knows it."""

    source: str
    reference: str | None = None
    is_example: bool = False


@dataclass(frozen=True)
class Place:
    """An address with its two divisions (today's codes) and, where known, its point in WGS-84 degrees."""

    address: str
    division_code: str
    located_code: str
    latitude: float | None = None
    longitude: float | None = None
    precision: Precision | None = None


def open_organisation(
    session: Session,
    *,
    name: str,
    kind: OrganisationKind,
    division_code: str,
    origin: Origin,
    at: datetime,
    uscc: str | None = None,
    opened_on: date | None = None,
) -> Organisation:
    """Register a legal entity; its credit code, where given, must be right and nobody else's."""
    if uscc is not None:
        _refuse_wrong_credit_code(uscc)
        _refuse_taken_credit_code(session, uscc)
    organisation = Organisation(
        name=name,
        kind=kind,
        uscc=uscc,
        division_code=division_code,
        opened_on=opened_on,
        source=origin.source,
        source_ref=origin.reference,
        is_example=origin.is_example,
        updated_at=at,
    )
    session.add(organisation)
    session.flush()  # flush: standings and sites need the key
    return organisation


def grant_standing(
    session: Session, organisation: Organisation, *, kind: StandingKind, number: str, on: date
) -> Standing:
    """Give a standing from a day on; one kind is held once at a time, and never without a credit code."""
    if organisation.uscc is None:
        raise InvalidInput(
            "uscc", message(N_("没有统一社会信用代码的单位不能入库或备案，请先补录18位代码。"))
        )
    if _holds_standing(session, organisation, kind, on):
        raise InvalidInput("granted_on", message(N_("该单位在这一天已持有同类登记，请先结束原登记。")))
    standing = Standing(
        organisation=organisation, uscc=organisation.uscc, kind=kind, number=number, granted_on=on
    )
    session.add(standing)
    session.flush()  # flush: the database checks the number and the credit code
    return standing


def end_standing(standing: Standing, *, on: date) -> None:
    """`on` is the first day without the standing; history before it stays as it was."""
    if on <= standing.granted_on:
        raise InvalidInput("ended_on", message(N_("退出日期应晚于入库日期，请核对。")))
    standing.ended_on = on


def open_site(
    session: Session,
    organisation: Organisation,
    place: Place,
    *,
    name: str,
    kind: SiteKind,
    origin: Origin,
    on: date,
    at: datetime,
) -> Site:
    """Open a site, placed from its first day on."""
    site = Site(
        organisation=organisation,
        name=name,
        kind=kind,
        opened_on=on,
        source=origin.source,
        source_ref=origin.reference,
        is_example=origin.is_example,
        updated_at=at,
        address=place.address,
        division_code=place.division_code,
        located_code=place.located_code,
        latitude=place.latitude,
        longitude=place.longitude,
        precision=place.precision,
    )
    site.placements.append(
        SitePlacement(
            division_code=place.division_code,
            today_code=place.division_code,
            address=place.address,
            valid_from=on,
        )
    )
    session.add(site)
    session.flush()  # flush: posts need the key
    return site


def _holds_standing(session: Session, organisation: Organisation, kind: StandingKind, on: date) -> bool:
    held = sa.exists().where(
        Standing.organisation_id == organisation.id,
        Standing.kind == kind,
        sa.or_(Standing.ended_on.is_(None), Standing.ended_on > on),
    )
    return bool(session.scalar(sa.select(held)))


def _refuse_wrong_credit_code(uscc: str) -> None:
    try:
        is_right = len(uscc) == USCC_LENGTH and credit_codes.calc_check_digit(uscc) == uscc[-1]
    except ValueError:  # a character outside the alphabet of the standard
        is_right = False
    if not is_right:
        raise InvalidInput("uscc", message(N_("统一社会信用代码应为18位且校验位正确，请对照登记证书核对。")))


def _refuse_taken_credit_code(session: Session, uscc: str) -> None:
    holder = session.scalar(sa.select(Organisation.name).where(Organisation.uscc == uscc))
    if holder is not None:
        raise InvalidInput("uscc", message(N_("该统一社会信用代码已由“%(name)s”使用，请核对。"), name=holder))
