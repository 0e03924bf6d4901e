"""Readings as pages ask for them: each is worked out once while the register stays as it is.

Whoever asks was admitted to the place before; what is read there is the same for everybody.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from portal.figures.asking import Asked
from portal.remembering import remembered
from reports.figures.definitions import CountingRule, FigureDefinition
from reports.figures.readings import Reading, share

Answer = TypeVar("Answer")


def once(
    work: Callable[..., Answer],
    session: Session,
    figure: FigureDefinition,
    *,
    rule: CountingRule,
    **asked: Hashable,
) -> Answer:
    """What `work(session, figure, rule=…, …)` gives: `share`, `pooled`, `trend` or another read of a figure."""
    key = (work.__qualname__, figure.code, rule.code, *sorted(asked.items()))
    return remembered(key, lambda: work(session, figure, rule=rule, **asked))


def reading_of(session: Session, asked: Asked) -> Reading:
    """The share that an address asks for, with its parts; every street of a province at once is too much to keep."""
    question: dict[str, Any] = {
        "division": asked.division,
        "on": asked.on,
        "by": asked.by,
        "basis": asked.basis,
    }
    if asked.by is not None:
        return share(session, asked.figure, rule=asked.rule, **question)
    return once(share, session, asked.figure, rule=asked.rule, **question)
