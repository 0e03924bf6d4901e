"""The figures of an institution's staff on its page, each leading to who counts and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.figures.people import joined
from portal.figures.reading import once
from portal.figures.speaking import counts_words
from portal.formatting import number, word, word_within
from registry.access.actors import Actor
from registry.access.rules import may
from registry.actions import Action
from registry.organisations.models import Organisation
from registry.workforce.counting import Place
from reports.figures.beside import Beside, figures_beside
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.wording import percent_text


@dataclass(frozen=True)
class FigureLine:
    """One figure: its value, the numbers that make it, the page of its people."""

    title: str
    value: str
    counts: str
    url: str


def figures_of(session: Session, organisation: Organisation, actor: Actor, on: date) -> Sequence[FigureLine]:
    """All but the one with the target, which has a card of its own; none for whoever may not see figures."""
    if not may(actor, Action.FIGURE_SEE, organisation):
        return ()
    place, rule = Place(organisation_id=organisation.id), QUALIFIED_SHARE.default_rule
    found = once(figures_beside, session, QUALIFIED_SHARE, place=place, on=on, rule=rule)
    return [_line(one, organisation) for one in found]


def _line(one: Beside, organisation: Organisation) -> FigureLine:
    url = url_for("figures.organisation", code=one.figure.code, organisation=organisation.code)
    return FigureLine(_(one.figure.title), percent_text(one.share), _counts(one), url)


def _counts(one: Beside) -> str:
    """How many of how many; of persons, how many in each profession."""
    if not one.professions:
        return counts_words(one.share)
    words = [
        f"{word_within(profession) if place else word(profession)} {number(count)}"
        for place, (profession, count) in enumerate(one.professions)
    ]
    return joined(words)
