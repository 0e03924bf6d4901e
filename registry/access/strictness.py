"""How strict the door is, by profile, in one table. Where the profiles conflict: docs/security/sign-in.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from registry.access.roles import ADMINISTRATORS, DEPARTMENTS, REGULATORS, Role

MAX_LENGTH = 128
"""Characters of a password: all of them count, none is cut off (ASVS 5.0, 6.2.8 and 6.2.9)."""


@dataclass(frozen=True)
class PasswordRules:
    """What a new password must be, and how long it holds; nothing where the profile asks for nothing."""

    min_length: int
    kinds: int = 0
    """Of small letters, capitals, digits and other characters, so many must occur."""
    distinct: int = 0
    refuses_guessable: bool = True
    remembers: int = 0
    """So many passwords back, none may come again; the one in force counts."""
    lasts: timedelta | None = None
    lasts_for_administrators: timedelta | None = None
    warns_before: timedelta = timedelta(days=14)
    replaces_first: bool = True
    """A password that somebody else knew is changed at the first sign-in."""
    first_holds: timedelta = timedelta(hours=24)

    @property
    def expires(self) -> bool:
        """Whether any password has to be changed after a time."""
        return self.lasts is not None or self.lasts_for_administrators is not None


@dataclass(frozen=True)
class StayRules:
    """How long somebody stays signed in, and how often at once."""

    idle: timedelta
    idle_for_administrators: timedelta
    at_once: int
    at_once_for_administrators: int
    fresh_for: timedelta | None
    """Sensitive acts ask for a proof that is no older; None where they never ask."""
    longest: timedelta = timedelta(hours=12)

    def idle_of(self, role: Role) -> timedelta:
        """After so long without a request the stay is over."""
        return self.idle_for_administrators if role in ADMINISTRATORS else self.idle

    def at_once_of(self, role: Role) -> int:
        """The newest so many stays hold."""
        return self.at_once_for_administrators if role in ADMINISTRATORS else self.at_once


@dataclass(frozen=True)
class Strictness:
    """One profile."""

    password: PasswordRules
    stay: StayRules
    factor_required_of: frozenset[Role]

    def lasts(self, roles: frozenset[Role]) -> timedelta | None:
        """How long a password of whoever has these roles holds; None for good."""
        rules = self.password
        return rules.lasts_for_administrators if roles & ADMINISTRATORS else rules.lasts

    def requires_factor(self, roles: frozenset[Role]) -> bool:
        """Whether one of these roles asks for a second factor, in whichever of them the person acts."""
        return bool(roles & self.factor_required_of)


WORK_STAY = StayRules(
    idle=timedelta(minutes=30),
    idle_for_administrators=timedelta(minutes=15),
    at_once=2,
    at_once_for_administrators=1,
    fresh_for=timedelta(minutes=10),
)

DENGBAO3 = Strictness(
    password=PasswordRules(
        min_length=10,
        kinds=3,
        distinct=7,
        remembers=5,
        lasts=timedelta(days=90),
        lasts_for_administrators=timedelta(days=60),
    ),
    stay=WORK_STAY,
    factor_required_of=REGULATORS | DEPARTMENTS | ADMINISTRATORS,
)
"""GB/T 22239-2019, 8.1.4.1: complexity and periodic change."""

ASVS = Strictness(
    password=PasswordRules(min_length=15, remembers=1),
    stay=WORK_STAY,
    factor_required_of=frozenset(Role),
)
"""OWASP ASVS 5.0, level 2: length, no composition (6.2.5), no expiry (6.2.10), a second factor for all (6.3.3)."""

DEMO = Strictness(
    password=PasswordRules(min_length=10, refuses_guessable=False, replaces_first=False),
    stay=StayRules(
        idle=timedelta(hours=12),
        idle_for_administrators=timedelta(hours=12),
        at_once=1000,
        at_once_for_administrators=1000,
        fresh_for=None,
    ),
    factor_required_of=frozenset(),
)
"""Made-up data on one machine: nothing is forced."""

STRICTNESS: Mapping[str, Strictness] = {"dengbao3": DENGBAO3, "asvs": ASVS, "demo": DEMO}
