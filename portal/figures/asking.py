"""What an address asks of a figure: which one, where, on which day, by which rule, cut how; read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from portal.days import printable, read_day
from registry.access.actors import Actor
from registry.access.rules import authorize
from registry.actions import Action
from registry.divisions.codes import NATION, Level
from registry.divisions.models import Division
from registry.divisions.queries import resolve
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.organisations.models import Organisation
from registry.workforce.counting import Basis
from reports.figures.definitions import CountingRule, FigureDefinition, figure

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Asked:
    """One question; `division` is canonical, `today` is the day on which it was asked."""

    figure: FigureDefinition
    rule: CountingRule
    division: str
    on: date
    basis: Basis
    by: Level | None
    today: date

    @property
    def is_today(self) -> bool:
        """The reading is the current one."""
        return self.on == self.today

    def values(self, **changes: str | None) -> dict[str, Any]:
        """The question as it stands in an address, without what needs not be said; None takes a value out."""
        said: dict[str, str | None] = {
            "division": None if self.division == NATION else self.division,
            "on": None if self.is_today else self.on.isoformat(),
            "rule": None if self.rule is self.figure.default_rule else self.rule.code.value,
            "basis": None if self.basis is Basis.TODAY else self.basis.value,
            "by": self.by.value if self.by else None,
        }
        return {key: value for key, value in (said | changes).items() if value}

    @classmethod
    def of(cls, typed: Mapping[str, str], *, figure: FigureDefinition, division: str, today: date) -> "Asked":
        """The question in an address about a division that is already known; raises InvalidInput."""
        return cls(
            figure=figure,
            rule=figure.rule(typed.get("rule", "")),
            division=division,
            on=read_day(typed.get("on", ""), today),
            basis=read_basis(typed),
            by=read_choice(Level, typed.get("by", ""), "by"),
            today=today,
        )


def ask(typed: Mapping[str, str], *, code: str, actor: Actor, session: Session, today: date) -> Asked:
    """Reads and authorises an address; raises UnknownFigure, UnknownDivision, NotVisible, InvalidInput."""
    definition = figure(code)
    asked_division = typed.get("division", "").strip() or actor.division_code
    place = seen_division(session, actor, asked_division, day_of_codes(typed, today))
    return Asked.of(typed, figure=definition, division=place.code, today=today)


def read_basis(typed: Mapping[str, str]) -> Basis:
    """Today's divisions unless that day's are asked for."""
    return read_choice(Basis, typed.get("basis", ""), "basis") or Basis.TODAY


def day_of_codes(typed: Mapping[str, str], today: date) -> date:
    """The day whose divisions the address names."""
    return read_day(typed.get("on", ""), today) if read_basis(typed) is Basis.THEN else today


def seen_division(
    session: Session, actor: Actor, typed: str, on: date, action: Action = Action.FIGURE_SEE
) -> Division:
    """A division on which the actor may do this; NotVisible for any other, UnknownDivision where there is none."""
    division = Division(code=NATION) if typed == NATION else resolve(session, typed, on)
    authorize(actor, action, division)
    return division


def asked_of_organisation(
    typed: Mapping[str, str],
    organisation: Organisation,
    *,
    code: str,
    actor: Actor,
    session: Session,
    today: date,
) -> Asked:
    """A question about an institution, or about its part in the division that the address names.

    Whoever may see that division may see who works there; the whole institution asks for the permission on itself.
    """
    definition = figure(code)
    division = typed.get("division", "").strip()
    if division:
        place = seen_division(session, actor, division, day_of_codes(typed, today)).code
    else:
        authorize(actor, Action.FIGURE_SEE, organisation)
        place = NATION
    return Asked.of({**typed, "by": ""}, figure=definition, division=place, today=today)


def read_choice(kind: type[Choice], typed: str, field: str) -> Choice | None:
    """A token of an enumeration, None for nothing; raises InvalidInput with the tokens there are."""
    if not typed.strip():
        return None
    try:
        return kind(typed.strip())
    except ValueError:
        known = tuple(member.value for member in kind)
        sentence = N_("“%(field)s”的值“%(value)s”不在可选范围内，可选：%(known)s。")
        raise InvalidInput(
            field, message(sentence, field=field, value=printable(typed), known=known)
        ) from None
