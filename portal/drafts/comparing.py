"""What the answers of a draft stand beside: what the register says, or what was handed in the time before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.rules import may
from registry.drafts.models import DraftRound
from registry.drafts.queries import differences
from registry.drafts.questions import Answers, questionnaire_of
from registry.workflow.queries import history
from registry.workflow_table import drafting_of, workflow_of

REGISTER, ROUND, NOTHING = "register", "round", ""


@dataclass(frozen=True)
class Comparison:
    """One thing to compare with."""

    key: str
    answers: Answers
    words: str
    """Empty where there is nothing to compare with."""
    changes: int
    """How many answers are different now."""

    @property
    def url(self) -> str:
        """This page compared with it."""
        return asking(against=self.key)


@dataclass(frozen=True)
class Compared:
    """What the page compares with, and what else it could."""

    shown: Comparison
    others: Sequence[Comparison]


def compared(
    session: Session, record: Any, rounds: Sequence[DraftRound], actor: Actor, *, is_maker: bool
) -> Compared:
    """What the reader asked for, else what is his to compare: whoever returned it looks at what was mended.

    Everybody else, above all whoever confirms, decides about what will stand in the register instead of what stands.
    """
    found = _possible(record, rounds, is_maker=is_maker)
    asked = request.args.get("against") or (
        ROUND if is_maker or _returned_it(session, record, actor) else REGISTER
    )
    shown = next((one for one in found if one.key == asked), None)
    if shown is None:
        shown = next((one for one in found if one.key == REGISTER), _nothing())
    return Compared(shown, [one for one in found if one.key != shown.key])


def asking(**values: str) -> str:
    """This page with something else asked of it."""
    asked = {**request.args.to_dict(), **values}
    named = {**(request.view_args or {}), **{key: value for key, value in asked.items() if value}}
    return url_for(request.endpoint or "", **named)


def _possible(record: Any, rounds: Sequence[DraftRound], *, is_maker: bool) -> list[Comparison]:
    found = []
    if record.base_answers:
        found.append(_against(record, REGISTER, record.base_answers, _("登记的内容")))
    earlier = _earlier_round(record, rounds)
    if earlier is not None:
        words = _("第 %(number)s 次提交", number=earlier.number)
        found.append(_against(record, ROUND, earlier.answers, words))
    is_back = record.state in drafting_of(record).states and not is_maker
    return [one for one in found if one.key != ROUND or one.changes or not is_back]


def _against(record: Any, key: str, answers: Answers, words: str) -> Comparison:
    both = differences(questionnaire_of(record), answers, record.answers)
    return Comparison(key, answers, words, sum(one.is_changed for one in both))


def _nothing() -> Comparison:
    return Comparison(NOTHING, {}, "", 0)


def _earlier_round(record: Any, rounds: Sequence[DraftRound]) -> DraftRound | None:
    """A draft that was returned stands beside what was handed in last, a handed-in one beside the round before."""
    if record.state in drafting_of(record).states:
        return rounds[-1] if rounds else None
    return rounds[-2] if len(rounds) > 1 else None


def _returned_it(session: Session, record: Any, actor: Actor) -> bool:
    """Whether the last return is a step of this reader's desk: he saw the round that he sent back."""
    workflow = workflow_of(record)
    backwards = (workflow.transition(taken.step) for taken in reversed(history(session, record)))  # type: ignore[arg-type]  # steps compare as text
    last = next((one for one in backwards if one is not None and _returns(record, one.to_state)), None)
    return last is not None and may(actor, last.action, record) and last.barred_to(actor, record) is None


def _returns(record: Any, state: Any) -> bool:
    """Whether a step leads to where the maker writes again."""
    return state in drafting_of(record).states
