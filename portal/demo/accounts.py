"""The demonstration accounts: one for each role, all with one known password, so only this machine may be served."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.demo.plan import Ids
from portal.demo.stations import ACCOUNTS_STREET, station_key
from registry.access.models import Account, Role
from registry.access.operations import NewAccount, open_account
from registry.access.strictness import DEMO
from registry.audit.trail import Trail
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

    @property
    def username(self) -> str:
        """demo-city, demo-district …"""
        return f"demo-{self.role}"


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
    DemoAccount(Role.SYSADMIN, "示例系统管理员", "31", "looks after the installation; sees no business data"),
    DemoAccount(Role.SECADMIN, "示例安全管理员", "31", "looks after permissions; sees no business data"),
    DemoAccount(Role.AUDITADMIN, "示例审计管理员", "31", "reads the trail (操作留痕) and changes nothing"),
)

Accounts = Mapping[Role, Account]


def open_accounts(session: Session, organisations: Ids, *, at: datetime, trail: Trail) -> Accounts:
    """The account of each role."""
    return {
        row.role: open_account(
            session,
            NewAccount(
                username=row.username,
                name=row.name,
                role=row.role,
                division_code=row.division_code,
                organisation=_organisation(session, organisations, row.organisation),
                is_example=True,
            ),
            password=PASSWORD,
            at=at,
            strictness=DEMO,
            trail=trail,
        )
        for row in DEMO_ACCOUNTS
    }


def _organisation(session: Session, organisations: Ids, key: str | None) -> Organisation | None:
    return None if key is None else session.get_one(Organisation, organisations[key])
