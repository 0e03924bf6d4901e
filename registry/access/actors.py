"""Whoever acts: a plain value made from an account, so that rules need no session."""

from dataclasses import dataclass

from registry.access.models import Account, Role
from registry.divisions.codes import lies_within


@dataclass(frozen=True)
class Actor:
    """One account in one role; `division_code` is the subtree it answers for."""

    account_id: int
    code: str
    username: str
    name: str
    role: Role
    division_code: str
    organisation_id: int | None = None

    @classmethod
    def of(cls, account: Account) -> "Actor":
        """The actor that an account signs in as."""
        return cls(
            account_id=account.id,
            code=account.code,
            username=account.username,
            name=account.name,
            role=account.role,
            division_code=account.division_code,
            organisation_id=account.organisation_id,
        )

    @property
    def is_regulator(self) -> bool:
        """Answers for a subtree of divisions, not for one organisation."""
        return self.role in REGULATORS

    def answers_for(self, division_code: str) -> bool:
        """Whether the division lies in the actor's subtree."""
        return lies_within(division_code, self.division_code)


REGULATORS = frozenset({Role.PROVINCE, Role.CITY, Role.DISTRICT, Role.STREET})

ADMINISTRATORS = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITADMIN})
"""三员: no two of these posts in one hand, none beside a business post, no business rows (GB/T 22239-2019, 8.1.5)."""
