"""The pages of an outlook with everything they show: the sentences of the paper, names as the reader may know them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.figures.asking import Asked
from portal.figures.people import opened_people
from portal.formatting import number
from portal.outlook.folding import Fold, Folded, folded
from registry.access.actors import Actor
from registry.access.masks import staff_name
from registry.access.rules import may, readable
from registry.actions import Action
from registry.divisions.models import Division
from registry.organisations.models import Organisation
from registry.workforce.facets import InPost
from registry.workforce.models import Verification
from registry.workforce.records import Person
from reports.documents.speech import Speech
from reports.figures.outlook import Turn
from reports.figures.plans import Step, StepKind
from reports.figures.shares import Share, Verdict
from reports.prospects.lines import (
    NameOf,
    assumptions,
    candidates_text,
    causes_text,
    effect_text,
    every_institution_text,
    institution_text,
    is_named,
    outlook_text,
    pooled_text,
    reading_text,
    step_text,
    then_text,
    where_text,
)
from reports.prospects.prospect import Prospect, Row


@dataclass(frozen=True)
class StepView:
    """One step in words."""

    what: str
    who: str
    where: str
    url: str = ""
    """The people whose diplomas are to be verified; empty where there are none, or the reader sees no people."""


@dataclass(frozen=True)
class TurnView:
    """One day on which something changes."""

    turn: Turn
    changes: Sequence[str]
    reading: str


@dataclass(frozen=True)
class RowView:
    """One institution of a division."""

    row: Row
    url: str
    """Its own outlook; empty where the reader may not see the whole institution."""
    causes: str
    then: str
    """What it takes when it falls below."""
    steps: Sequence[StepView]

    @property
    def name(self) -> str:
        """Of the institution."""
        return self.row.part.name

    @property
    def share(self) -> Share:
        """Of its staff in the division."""
        return self.row.part.share


@dataclass(frozen=True)
class OutlookPage:
    """Of an institution or a division."""

    asked: Asked
    prospect: Prospect
    institution: Organisation | None
    outlook: str
    causes: str
    then: str
    ways: Sequence[str]
    """Of an institution, or of all institutions of a division."""
    pooled: Sequence[str]
    """Of a division as a whole."""
    steps: Sequence[StepView]
    rows: Sequence[RowView]
    """One sheet of the institutions of a division."""
    folded: Folded
    turns: Sequence[TurnView]
    assumptions: Sequence[str]
    may_issue: bool
    may_list_people: bool
    """A paper on this place may hold its people."""

    @property
    def figure_url(self) -> str:
        """The figure itself, by whose people it is made."""
        values = self.asked.values(by=None)
        if self.institution is None:
            return url_for("figures.show", code=self.asked.figure.code, **values)
        code = self.institution.code
        return url_for("figures.organisation", code=self.asked.figure.code, organisation=code, **values)

    @property
    def url(self) -> str:
        """The page without its question."""
        return self._url("outlook.division", "outlook.organisation")

    @property
    def issue_url(self) -> str:
        """Where its paper is asked for."""
        values = self.asked.values(by=None)
        return self._url("outlook.issue_of_division", "outlook.issue_of_organisation", **values)

    @property
    def people_url(self) -> str:
        """Where its paper is asked for with the ledger at its end."""
        return self._url("plans.of_division", "plans.of_organisation", **self.asked.values(by=None))

    @property
    def rows_summary(self) -> str:
        """How many fall short, and how many will."""
        rows = self.prospect.rows
        short = sum(row.part.share.verdict is Verdict.NOT_MET for row in rows)
        places = {"short": number(short), "falling": number(len(rows) - short)}
        return str(_("%(short)s 家未达标，%(falling)s 家按已登记的变动将低于目标", **places))

    def fold_url(self, fold: Fold) -> str:
        """The same page with the institutions of one division."""
        return self._rows_url(fold, None)

    def page_url(self, sheet_number: int) -> str:
        """Another sheet of the same institutions."""
        return self._rows_url(self.folded.chosen, str(sheet_number))

    def _rows_url(self, fold: Fold | None, page: str | None) -> str:
        values = self.asked.values(by=None, part=fold.code if fold else None, page=page)
        return url_for("outlook.division", **values, _anchor="rows")

    def _url(self, of_division: str, of_organisation: str, **values: Any) -> str:
        if self.institution is None:
            return url_for(of_division, **values)
        return url_for(of_organisation, organisation=self.institution.code, **values)


def outlook_page(
    session: Session,
    asked: Asked,
    prospect: Prospect,
    *,
    actor: Actor,
    say: Speech,
    typed: Mapping[str, str],
    institution: Organisation | None = None,
) -> OutlookPage:
    """One page for one reader."""
    listed = folded(session, asked, prospect.rows, typed)
    name_of = _namer(session, prospect, actor)
    falls = prospect.outlook.falls
    is_one = institution is not None
    record = institution if is_one else Division(code=asked.division)
    return OutlookPage(
        asked=asked,
        prospect=prospect,
        institution=institution,
        outlook=outlook_text(prospect.outlook, say),
        causes=causes_text(falls, say, name_of),
        then=then_text(falls, say),
        ways=tuple((institution_text if is_one else every_institution_text)(prospect, say)),
        pooled=() if is_one else tuple(pooled_text(prospect, say)),
        steps=_steps(
            prospect.steps if is_one else prospect.pooled.steps,
            prospect,
            say,
            name_of,
            checks=_checks_url(actor, record),
        ),
        rows=_rows(session, asked, prospect, listed.sheet.rows, actor, say, name_of),
        folded=listed,
        turns=[_turn(turn, say, name_of) for turn in prospect.outlook.listed],
        assumptions=assumptions(prospect, say),
        may_issue=may(actor, Action.ONE_PAGE_ISSUE, record),
        may_list_people=may(actor, Action.ONE_PAGE_ISSUE, record)
        and may(actor, Action.PRACTITIONER_EXPORT, record),
    )


def _rows(
    session: Session,
    asked: Asked,
    prospect: Prospect,
    rows: Sequence[Row],
    actor: Actor,
    say: Speech,
    name_of: NameOf,
) -> list[RowView]:
    codes = [row.part.code for row in rows]
    seen = sa.select(Organisation).where(readable(Organisation, actor, Action.FIGURE_SEE))
    whole = {one.code: one for one in session.scalars(seen.where(Organisation.code.in_(codes)))}
    values = asked.values(by=None, division="")
    return [
        RowView(
            row,
            url_for("outlook.organisation", organisation=row.part.code, **values)
            if row.part.code in whole
            else "",
            causes_text(row.outlook.falls, say, name_of),
            then_text(row.outlook.falls, say),
            _steps(row.steps, prospect, say, name_of, checks=_checks_url(actor, whole.get(row.part.code))),
        )
        for row in rows
    ]


def _steps(
    steps: Iterable[Step], prospect: Prospect, say: Speech, name_of: NameOf, *, checks: str
) -> list[StepView]:
    return [
        StepView(
            step_text(step, say),
            candidates_text(step, say, name_of) if is_named(step, prospect) else "",
            where_text(step, say),
            checks if step.kind is StepKind.CHECK else "",
        )
        for step in steps
    ]


def _checks_url(actor: Actor, where: Organisation | Division | None) -> str:
    """The list of those there whose diploma waits for its district."""
    if where is None or not may(actor, Action.PRACTITIONER_SEE, where):
        return ""
    key = "division" if isinstance(where, Division) else "organisation"
    asked = {"in-post": InPost.YES.value, "diploma": Verification.PENDING.value, key: where.code}
    return url_for("workforce.index", **cast("dict[str, Any]", asked))


def _turn(turn: Turn, say: Speech, name_of: NameOf) -> TurnView:
    changes = [effect_text(one, say, name_of) for one in turn.changes]
    return TurnView(turn, changes or [_("目标调整")], reading_text(turn.share))


def _namer(session: Session, prospect: Prospect, actor: Actor) -> NameOf:
    """Names masked by role; of whoever may not be opened, the register number."""
    opened = opened_people(session, {person.id for person in _named(prospect)}, actor)

    def name_of(person: Person) -> str:
        name = staff_name(actor, person.name) if person.id in opened else None
        return name or person.person_no

    return name_of


def _named(prospect: Prospect) -> Iterable[Person]:
    """Everybody who may stand on the page."""
    outlooks = [prospect.outlook, *(row.outlook for row in prospect.rows)]
    steps = [*prospect.steps, *prospect.pooled.steps, *(step for row in prospect.rows for step in row.steps)]
    yield from (person for step in steps if is_named(step, prospect) for person in step.people)
    yield from (change.person for one in outlooks for turn in one.turns for change in turn.changes)
