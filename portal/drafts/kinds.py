"""What a noun says of its drafts, so that all drafts have the same pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ExecutableOption

from portal.security import snake_case
from portal.workflow.withdrawing import WITHDRAW, is_own_draft, step_word
from registry.access.actors import Actor
from registry.actions import Action

Facts = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class StepWords:
    """What a page says of a step before and after it is taken."""

    lead: LazyString
    done: LazyString


DISCARDING = StepWords(
    _l("放弃后这份草稿不再办理，登记的内容不变。需要时可以重新填写。"), _l("草稿已放弃，登记的内容不变。")
)


@dataclass(frozen=True)
class DraftedKind:
    """The words and the table of one noun."""

    name: str
    """The blueprint: `provider_entries`."""
    model: type
    title: LazyString
    see: Action
    ask: Action
    load: Sequence[ExecutableOption]
    steps: type[StrEnum]
    submit: StrEnum
    states: Mapping[Any, str]
    """State to the kind of its sign."""
    words: Mapping[Any, StepWords]
    facts_of: Callable[[Session, Any, date], Facts]
    """Above the answers: whose it is, where, which number."""
    marks_of: Callable[[Any, date], Sequence[StrEnum]] = field(default=lambda _record, _on: ())
    """What is told beside the state, in the order of its weight."""
    main: frozenset[StrEnum] = frozenset()
    """Steps that the record waits for."""
    direct: frozenset[StrEnum] = frozenset()
    """Taken on the page of the record, which shows all there is to check."""
    remarked: frozenset[StrEnum] = frozenset()
    """Steps with remarks on single answers."""
    handing_in: Callable[[Any, Actor], StrEnum] | None = None
    """The step by which this reader hands in, where it is not `submit` for everybody."""
    names_typists: Callable[[Any], bool] = field(default=lambda _record: False)
    """Whether the page says beside each answer who typed it."""
    does: Mapping[Any, LazyString] = field(default_factory=dict)
    """Kind of request and step to the verb on the button, where the step's own word says something else."""
    said: Mapping[Any, StepWords] = field(default_factory=dict)
    """Kind of request and step to what a page says, where `words` speaks of another kind."""
    more: Callable[[Session, Any], Mapping[str, Any]] = field(default=lambda _session, _record: {})
    """What the noun's own part of the page needs; the part is `<name>/_more.html`."""

    def submits_by(self, record: Any, actor: Actor) -> StrEnum:
        """The step by which this reader hands in what is filled in."""
        return self.handing_in(record, actor) if self.handing_in is not None else self.submit

    @property
    def argument(self) -> str:
        """The name of the record in addresses."""
        return snake_case(self.model.__name__)

    def verb(self, record: Any, step: Any) -> str:
        """What the button of a step says on this record: 确认变更 where a change is confirmed."""
        own = self.does.get((record.kind, step))
        return step_word(record, step) if own is None else str(own)

    def words_of(self, record: Any, step: Any) -> StepWords:
        """What a page says of a step of this record; a draft that was never handed in is not withdrawn but given up."""
        if step.value == WITHDRAW and is_own_draft(record):
            return DISCARDING
        return self.said.get((record.kind, step)) or self.words[step]
