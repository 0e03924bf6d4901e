"""人员账号: the list of positions with their holders, as whoever looks after accounts sees them."""

from enum import StrEnum

import sqlalchemy as sa

from registry.access.models import Account, Position, Role
from registry.listing import (
    ON,
    Column,
    Expression,
    Listing,
    division_filter,
    enum_filter,
    facet_filter,
    facet_value,
    text_filter,
)
from registry.messages import N_
from registry.organisations.models import Organisation


class Tenure(StrEnum):
    """How a position stands on the day of the list."""

    HELD = "held"
    COMING = "coming"
    ENDED = "ended"


class AccountState(StrEnum):
    """Whether somebody can sign in with the account."""

    INVITED = "invited"
    OPEN = "open"
    CLOSED = "closed"


IS_OVER = sa.and_(Position.ended_on.is_not(None), Position.ended_on <= ON)
TENURE = {
    Tenure.ENDED: IS_OVER,
    Tenure.COMING: sa.and_(Position.began_on > ON, sa.not_(IS_OVER)),
    Tenure.HELD: sa.and_(Position.began_on <= ON, sa.not_(IS_OVER)),
}


def state_of(account: Account) -> AccountState:
    """The same as `STATES` of a row in hand."""
    if not account.is_active:
        return AccountState.CLOSED
    return AccountState.INVITED if account.password_set_at is None else AccountState.OPEN


def _of_account(column: Expression) -> Expression:
    return sa.select(column).where(Account.id == Position.account_id).scalar_subquery()


def _account_is(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return Position.account.has(sa.and_(*conditions))


STATES = {
    AccountState.CLOSED: _account_is(Account.is_active.is_(False)),
    AccountState.INVITED: _account_is(Account.is_active.is_(True), Account.password_set_at.is_(None)),
    AccountState.OPEN: _account_is(Account.is_active.is_(True), Account.password_set_at.is_not(None)),
}

USERNAME, NAME = _of_account(Account.username), _of_account(Account.name)

POSITIONS = Listing(
    key="accounts",
    model=Position,
    columns=(
        Column("account_code", N_("编号"), _of_account(Account.code), is_exported=False),
        Column("name", N_("姓名"), NAME, order=(NAME,)),
        Column("username", N_("用户名"), USERNAME, order=(USERNAME,)),
        Column("role", N_("担任岗位"), Position.role),
        Column("division_code", N_("区划"), Position.division_code, order=(Position.division_code,)),
        Column(
            "organisation",
            N_("单位"),
            sa.select(Organisation.name).where(Organisation.id == Position.organisation_id).scalar_subquery(),
        ),
        Column("began_on", N_("到岗日期"), Position.began_on, order=(Position.began_on,)),
        Column("tenure", N_("岗位状态"), facet_value(TENURE)),
        Column("state", N_("账号状态"), facet_value(STATES)),
        Column("signed_in_at", N_("最近登录"), _of_account(Account.signed_in_at)),
    ),
    filters=(
        division_filter("division", N_("区划"), Position.division_code),
        enum_filter("role", N_("担任岗位"), Position.role, Role),
        facet_filter("tenure", N_("岗位状态"), TENURE),
        facet_filter("state", N_("账号状态"), STATES),
        text_filter("q", N_("姓名或用户名"), NAME, USERNAME),
    ),
    default_sort="name",
)
"""One row for each position in the reader's reach, also those that are over."""
