"""Whoever acts: a plain value made from a position, so that rules need no session."""

from dataclasses import dataclass

from registry.access.models import Account, Delegation, Position
from registry.access.roles import REGULATORS, Role
from registry.actions import Action
from registry.audit.trail import Principal
from registry.divisions.codes import lies_within


@dataclass(frozen=True)
class Actor:
    """One account in one position; `division_code` is the subtree it answers for."""

    account_id: int
    code: str
    username: str
    name: str
    role: Role
    division_code: str
    organisation_id: int | None = None
    principal: Principal | None = None
    """Whose position it is, where the account stands in for somebody (授权代办)."""
    limited_to: frozenset[Action] | None = None
    """What was handed over; None where the position is the account's own."""

    @classmethod
    def of(cls, position: Position) -> "Actor":
        """The actor that the holder of a position is."""
        return cls._in(position, position.account)

    @classmethod
    def standing_in(cls, delegation: Delegation, limited_to: frozenset[Action]) -> "Actor":
        """The delegate in the position that was handed over to him."""
        holder = delegation.position.account
        return cls._in(
            delegation.position,
            delegation.delegate,
            principal=Principal(holder.code, holder.name),
            limited_to=limited_to,
        )

    @classmethod
    def _in(
        cls,
        position: Position,
        account: Account,
        *,
        principal: Principal | None = None,
        limited_to: frozenset[Action] | None = None,
    ) -> "Actor":
        return cls(
            account_id=account.id,
            code=account.code,
            username=account.username,
            name=account.name,
            role=position.role,
            division_code=position.division_code,
            organisation_id=position.organisation_id,
            principal=principal,
            limited_to=limited_to,
        )

    @property
    def is_regulator(self) -> bool:
        """Answers for a subtree of divisions, not for one organisation."""
        return self.role in REGULATORS

    @property
    def people(self) -> frozenset[str]:
        """The codes of everybody who acts here: the maker of a step is neither its checker nor stands in for him."""
        return frozenset({self.code, self.principal.code} if self.principal else {self.code})

    def answers_for(self, division_code: str) -> bool:
        """Whether the division lies in the actor's subtree."""
        return lies_within(division_code, self.division_code)


@dataclass(frozen=True)
class Visitor:
    """Somebody without an account, as the history, the to-dos and the trail name him."""

    name: str
    code: str = ""
    principal: None = None
    people: frozenset[str] = frozenset()
    """Nobody: no rule that keeps two steps apart knows him again."""
