"""The list of dossiers and what their pages read."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from registry.divisions.codes import Level
from registry.dossiers.facets import CreditState, FundraisingState, Presence, Recognition
from registry.dossiers.models import (
    CheckConclusion,
    Dossier,
    DossierFact,
    DossierRemark,
    DossierState,
    FactKind,
    ListEntry,
    Registration,
)
from registry.listing import (
    ON,
    Column,
    Filter,
    Listing,
    division_filter,
    facet_filter,
    facet_value,
    holding,
    text_value,
)
from registry.messages import N_
from registry.organisations.facets import Origin
from registry.organisations.models import Organisation, Standing, StandingKind
from registry.organisations.queries import division_name

WHOLE = (
    joinedload(Dossier.organisation).selectinload(Organisation.standings),
    selectinload(Dossier.facts),
)
"""What a page about a dossier names."""
OF_REMARK = (joinedload(DossierRemark.dossier).options(*WHOLE),)


def _in_force(kind: FactKind, *columns: Any) -> sa.Select[Any]:
    """The fact of a kind that holds on the day of the list."""
    holding_then = (DossierFact.on <= ON, DossierFact.replaced_by_id.is_(None))
    of_dossier = (DossierFact.dossier_id == Dossier.id, DossierFact.kind == kind)
    found = sa.select(*columns).where(*of_dossier, *holding_then)
    newest = (DossierFact.year.desc(), DossierFact.on.desc(), DossierFact.id.desc())
    return found.order_by(*newest).limit(1).correlate(Dossier)


def _value(kind: FactKind) -> ColumnElement[Any]:
    return _in_force(kind, DossierFact.value).scalar_subquery()


def _since(kind: FactKind) -> ColumnElement[Any]:
    return _in_force(kind, DossierFact.on).scalar_subquery()


def _of_organisation(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    return (
        sa.select(column)
        .where(Organisation.id == Dossier.organisation_id)
        .correlate(Dossier)
        .scalar_subquery()
    )


def _number() -> ColumnElement[Any]:
    """The newest number of the dossier's kind, held or not: it is permanent."""
    return (
        sa.select(Standing.number)
        .where(
            Standing.organisation_id == Dossier.organisation_id,
            Standing.kind == Dossier.kind,
            Standing.granted_on <= ON,
        )
        .order_by(Standing.granted_on.desc())
        .limit(1)
        .correlate(Dossier)
        .scalar_subquery()
    )


def _coerced(expression: ColumnElement[Any], kind: type) -> ColumnElement[Any]:
    stored = sa.Enum(kind, native_enum=False, values_callable=lambda members: [one.value for one in members])
    return sa.type_coerce(expression, stored)


REGISTRATION = {state: _value(FactKind.REGISTRATION) == state.value for state in Registration}
RECOGNITION = {
    Recognition.RECOGNISED: _since(FactKind.RECOGNITION).is_not(None),
    Recognition.NOT_RECOGNISED: _since(FactKind.RECOGNITION).is_(None),
}
_HELD = sa.and_(
    _since(FactKind.CERTIFICATE).is_not(None),
    sa.or_(
        _since(FactKind.CERTIFICATE_REVOKED).is_(None),
        _since(FactKind.CERTIFICATE_REVOKED) < _since(FactKind.CERTIFICATE),
    ),
)
FUNDRAISING = {
    FundraisingState.HELD: _HELD,
    FundraisingState.REVOKED: sa.and_(_since(FactKind.CERTIFICATE_REVOKED).is_not(None), sa.not_(_HELD)),
    FundraisingState.NONE: sa.and_(
        _since(FactKind.CERTIFICATE).is_(None), _since(FactKind.CERTIFICATE_REVOKED).is_(None)
    ),
}
LAST_CHECK = {conclusion: _value(FactKind.ANNUAL_CHECK) == conclusion.value for conclusion in CheckConclusion}
_DISHONEST = sa.func.coalesce(_value(FactKind.DISHONEST), "") == ListEntry.LISTED.value
_ABNORMAL = sa.func.coalesce(_value(FactKind.ABNORMAL), "") == ListEntry.LISTED.value
CREDIT = {
    CreditState.DISHONEST: _DISHONEST,
    CreditState.ABNORMAL: sa.and_(_ABNORMAL, sa.not_(_DISHONEST)),
    CreditState.CLEAN: sa.not_(sa.or_(_ABNORMAL, _DISHONEST)),
}
PRESENCE = {
    Presence.MISSING: Dossier.missing_on.is_not(None),
    Presence.LISTED: Dossier.missing_on.is_(None),
}
ORIGIN = {
    Origin.REAL: _of_organisation(Organisation.is_example).is_(False),
    Origin.EXAMPLE: _of_organisation(Organisation.is_example).is_(True),
}


def _named_or_numbered(text: str, _on: date) -> ColumnElement[bool]:
    """A part of the name, on the list or in the register; a whole credit code or number."""
    found = sa.select(Organisation.id).where(
        sa.or_(holding(Organisation.name, text), Organisation.uscc == text.upper())
    )
    numbered = sa.select(Standing.organisation_id).where(Standing.number == text)
    called = sa.select(DossierFact.dossier_id).where(
        DossierFact.kind == FactKind.NAME, holding(DossierFact.value, text)
    )
    of_organisation = sa.or_(Dossier.organisation_id.in_(found), Dossier.organisation_id.in_(numbered))
    return sa.or_(of_organisation, Dossier.id.in_(called))


def _kind_of(typed: str) -> StandingKind:
    kind = StandingKind(typed)
    if kind not in KINDS:
        raise ValueError(typed)
    return kind


KINDS = (StandingKind.CHARITY, StandingKind.ASSOCIATION)

DOSSIER_LIST = Listing(
    key="dossiers",
    model=Dossier,
    columns=(
        Column("code", N_("编号"), Dossier.code, is_exported=False),
        Column("organisation_code", N_("机构编号"), _of_organisation(Organisation.code), is_exported=False),
        Column("name", N_("单位名称"), _of_organisation(Organisation.name)),
        Column("uscc", N_("统一社会信用代码"), _of_organisation(Organisation.uscc)),
        Column("kind", N_("类别"), Dossier.kind),
        Column("number", N_("建档编号"), _number()),
        Column("state", N_("核对状态"), Dossier.state),
        Column("registrar", N_("登记管理机关"), Dossier.registrar),
        Column(
            "division_code", N_("区划代码"), Dossier.division_code, order=(Dossier.division_code, Dossier.id)
        ),
        Column("district", N_("区县"), division_name(Dossier.division_code, Level.DISTRICT)),
        Column("registration", N_("登记状态"), _coerced(_value(FactKind.REGISTRATION), Registration)),
        Column("registration_on", N_("登记状态日期"), _since(FactKind.REGISTRATION)),
        Column("recognised_on", N_("成为慈善组织日期"), _since(FactKind.RECOGNITION)),
        Column("certificate", N_("公开募捐资格证书号"), _value(FactKind.CERTIFICATE)),
        Column("fundraising", N_("公开募捐资格"), facet_value(FUNDRAISING)),
        Column(
            "check_year",
            N_("最近年检年度"),
            _in_force(FactKind.ANNUAL_CHECK, DossierFact.year).scalar_subquery(),
        ),
        Column("check", N_("最近年检结论"), _coerced(_value(FactKind.ANNUAL_CHECK), CheckConclusion)),
        Column("credit", N_("信用名单"), facet_value(CREDIT)),
        Column("listed_on", N_("名单日期"), Dossier.listed_on, order=(Dossier.listed_on, Dossier.id)),
        Column("missing_on", N_("未出现在新名单"), Dossier.missing_on),
        Column("is_example", N_("示例数据"), _of_organisation(Organisation.is_example)),
    ),
    filters=(
        division_filter("division", N_("区划"), Dossier.division_code),
        Filter(
            "kind", N_("类别"), parse=_kind_of, clause=lambda kind, _on: Dossier.kind == kind, choices=KINDS
        ),
        Filter(
            "state",
            N_("核对状态"),
            parse=DossierState,
            clause=lambda state, _on: Dossier.state == state,
            choices=tuple(DossierState),
        ),
        facet_filter("registration", N_("登记状态"), REGISTRATION),
        facet_filter("recognition", N_("慈善组织"), RECOGNITION),
        facet_filter("fundraising", N_("公开募捐资格"), FUNDRAISING),
        facet_filter("check", N_("最近年检结论"), LAST_CHECK),
        facet_filter("credit", N_("信用名单"), CREDIT),
        facet_filter("presence", N_("新名单"), PRESENCE),
        facet_filter("origin", N_("数据性质"), ORIGIN),
        Filter("q", N_("名称、信用代码或建档编号"), parse=text_value, clause=_named_or_numbered),
    ),
    default_sort="division_code",
)
"""慈善组织和行业协会: every dossier, with what its facts say on the day of the list."""


def dossiers_of(session: Session, organisation_id: int) -> list[Dossier]:
    """The dossiers of an organisation: one for each kind."""
    found = sa.select(Dossier).where(Dossier.organisation_id == organisation_id).options(*WHOLE)
    return list(session.scalars(found.order_by(Dossier.id)))


def dossier_by_id(session: Session, key: int) -> Dossier | None:
    """One dossier by its integer key, which the history holds."""
    return session.scalar(sa.select(Dossier).where(Dossier.id == key).options(*WHOLE))


def remarks_on(session: Session, dossier: Dossier) -> list[DossierRemark]:
    """What was said against it, the newest first."""
    found = sa.select(DossierRemark).where(DossierRemark.dossier_id == dossier.id)
    return list(session.scalars(found.options(*OF_REMARK).order_by(DossierRemark.id.desc())))


def remark_by_id(session: Session, key: int) -> DossierRemark | None:
    """One remark by its integer key, which the history holds."""
    return session.scalar(sa.select(DossierRemark).where(DossierRemark.id == key).options(*OF_REMARK))
