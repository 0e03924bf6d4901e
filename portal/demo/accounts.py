"""The demonstration accounts: one for each role, all with one known password, so only this machine may be served."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.demo.plan import Ids
from portal.demo.stations import ACCOUNTS_STREET, station_key
from registry.access.actors import Actor
from registry.access.delegations import Handover, give_delegation
from registry.access.models import Account, Extent, Role
from registry.access.operations import NewAccount, give_further_position, open_account
from registry.access.positions import Charge
from registry.access.strictness import DEMO
from registry.audit.trail import Trail
from registry.clock import today
from registry.organisations.models import Organisation

PASSWORD = "jingkangtong-demo"  # noqa: S105 - printed on purpose; the demo profile serves this machine only


@dataclass(frozen=True)
class DemoAccount:
    """One row of the table below."""

    role: Role
    name: str
    division_code: str
    sees: str
    """The role in plain words, for the list that the command prints."""
    organisation: str | None = None
    """The key of the plan's organisation that the account belongs to."""
    ending: str = ""

    @property
    def username(self) -> str:
        """demo-city, demo-district …"""
        return f"demo-{self.role}{self.ending}"


DEMO_ACCOUNTS = (
    DemoAccount(Role.CITY, "示例市级经办", "31", "the city's department: all districts; begin here"),
    DemoAccount(
        Role.DISTRICT,
        "示例黄浦区经办",
        "310101",
        "a district's department: confirms what its providers hand in",
    ),
    DemoAccount(Role.STREET, "示例外滩街道经办", ACCOUNTS_STREET, "a street's office: its own street"),
    DemoAccount(
        Role.STATION,
        "示例社工站站长",
        ACCOUNTS_STREET,
        "the social-work station of that street",
        station_key(ACCOUNTS_STREET),
    ),
    DemoAccount(
        Role.PROVIDER, "示例机构负责人", ACCOUNTS_STREET, "a provider: its own sites and staff", "one-short"
    ),
    DemoAccount(Role.PROVINCE, "示例省级经办", "31", "the level above the city"),
    DemoAccount(
        Role.CHARITY, "示例慈善组织经办", "310101013", "a charity: the directory and itself", "charity"
    ),
    DemoAccount(
        Role.ASSOCIATION,
        "示例行业协会秘书长",
        "310104014",
        "an association: the directory and itself",
        "association",
    ),
    DemoAccount(
        Role.SOCIALWORK, "示例社会工作部门经办", "31", "the social-work department: figures and staff"
    ),
    DemoAccount(
        Role.HEALTH, "示例卫生健康部门经办", "310101", "the health department: directory and figures"
    ),
    DemoAccount(
        Role.POLICE, "示例公安机关经办", "310101", "public security: the directory, no figures, no files"
    ),
    DemoAccount(Role.FINANCE, "示例财政部门经办", "310101", "the finance department: directory and figures"),
    DemoAccount(
        Role.HR, "示例人社部门经办", "310101", "the human-resources department: staff and their posts"
    ),
    DemoAccount(
        Role.DPF, "示例残联经办", "310101", "the disabled persons' federation: directory and figures"
    ),
    DemoAccount(Role.SYSADMIN, "示例系统管理员", "31", "looks after the installation; sees no business data"),
    DemoAccount(Role.SECADMIN, "示例安全管理员", "31", "looks after permissions; sees no business data"),
    DemoAccount(Role.AUDITADMIN, "示例审计管理员", "31", "reads the trail (操作留痕) and changes nothing"),
)

STAND_IN = DemoAccount(
    Role.DISTRICT,
    "示例黄浦区B岗经办",
    "310101",
    "that officer's colleague: stands in for her a week long, and holds a street's position beside",
    ending="-b",
)
LEAVER = DemoAccount(
    Role.DISTRICT,
    "示例黄浦区前任经办",
    "310101",
    "that officer's predecessor: left, and handed his open work over",
    ending="-former",
)
AWAY_DAYS = 7

Accounts = Mapping[Role, Account]


def open_accounts(session: Session, organisations: Ids, *, at: datetime, trail: Trail) -> Accounts:
    """The account of each role."""
    return {row.role: _open(session, organisations, row, at=at, trail=trail) for row in DEMO_ACCOUNTS}


def open_leaver(session: Session, *, at: datetime, trail: Trail) -> Account:
    """Who did the district's work until some days ago."""
    return _open(session, {}, LEAVER, at=at, trail=trail)


def open_stand_in(session: Session, accounts: Accounts, *, at: datetime, trail: Trail) -> None:
    """A colleague of the district's officer, to whom she handed her position over from today on."""
    away = accounts[Role.DISTRICT].positions[0]
    colleague = _open(session, {}, STAND_IN, at=at, trail=trail)
    further = Charge(Role.STREET, ACCOUNTS_STREET)
    by = accounts[Role.SECADMIN].code
    give_further_position(session, colleague, further, at=at, trail=trail, by=by)
    last = today(at) + timedelta(days=AWAY_DAYS - 1)
    week = Handover(colleague, Extent.FULL, today(at), last, "参加业务培训（示例）")
    give_delegation(session, away, week, actor=Actor.of(away), at=at, trail=trail)


def _open(session: Session, organisations: Ids, row: DemoAccount, *, at: datetime, trail: Trail) -> Account:
    new = NewAccount(
        username=row.username,
        name=row.name,
        role=row.role,
        division_code=row.division_code,
        organisation=_organisation(session, organisations, row.organisation),
        is_example=True,
    )
    return open_account(session, new, password=PASSWORD, at=at, strictness=DEMO, trail=trail)


def _organisation(session: Session, organisations: Ids, key: str | None) -> Organisation | None:
    return None if key is None else session.get_one(Organisation, organisations[key])
