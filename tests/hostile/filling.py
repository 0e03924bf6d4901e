"""Learns which values a form takes: what it says is wrong is filled with the next thing that might be right.

Only a form that takes what is typed shows what becomes of it, so the values that were learned stand in all the fields
but the one that is looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO

from werkzeug.test import TestResponse

from tests.hostile.crawling import parsed
from tests.hostile.forms import Control, FoundForm, Kind, Pairs, options_of
from tests.hostile.judging import errors_of, is_given_back
from tests.hostile.stage import Stage, Visitor

FREE = "示例文字，供试填用，不少于十个字"
CANDIDATES = (FREE, "2026-12-15", "31.2304", "121.4737", "15412345777", "示例路88号2楼", "100", "")
"""Something for every kind of text box; a form that asks for something else is learned as soon as it stands here."""
ROUNDS = 24


@dataclass
class Filling:
    """Values that a form was sent with, and whether it took them."""

    values: dict[str, str] = field(repr=False)
    is_taken: bool = False
    free: frozenset[str] = field(default_factory=frozenset)
    """The text boxes that took words and not only a day, a number or a code."""
    gives_file: bool = False

    def pairs(self, **changed: str) -> list[tuple[str, str]]:
        return list({**self.values, **changed}.items())


def filling_of(stage: Stage, form: FoundForm) -> Filling:
    """What to fill the form with; the last try where nothing is taken. It is learned once."""
    if form not in stage.fillings:
        stage.fillings[form] = _learned(stage, form)
    filling: Filling = stage.fillings[form]
    return filling


def _learned(stage: Stage, form: FoundForm) -> Filling:
    visitor = stage.visitors[form.visitor]
    tries = {control.name: tries_for(control, visitor) for control in form.controls}
    places = dict.fromkeys(tries, 0)
    filling = Filling({})
    for _ in range(ROUNDS):
        filling = Filling({name: tries[name][places[name] % len(tries[name])] for name in tries})
        answer = tried(stage, form, filling.pairs())
        wrong = what_is_wrong(form, answer)
        if wrong is None:
            is_file = "Content-Disposition" in answer.headers
            return replace(filling, is_taken=True, free=free_of(stage, form, filling), gives_file=is_file)
        move_on(form, wrong & set(tries) or {control.name for control in form.texts}, tries, places)
    return filling


def move_on(form: FoundForm, wrong: set[str], tries: Mapping[str, list[str]], places: dict[str, int]) -> None:
    """To the next value of whatever is wrong; where all of them were wrong, with another choice beside it."""
    for name in wrong:
        places[name] += 1
        if places[name] % len(tries[name]) == 0:
            for control in form.controls:
                places[control.name] += control.kind is Kind.CHOICE


def tries_for(control: Control, visitor: Visitor) -> list[str]:
    """What may be right in a control, the likeliest first."""
    known = visitor.known.get(control.name, [])
    if control.kind is Kind.CHOICE:
        return [*dict.fromkeys([control.standing, *filter(None, control.choices)])] or [""]
    if control.kind is Kind.HIDDEN:
        return [control.standing]
    if control.kind is Kind.SECRET:
        return known or [""]
    return [*known, *filter(None, [control.standing]), *CANDIDATES]


def tried(stage: Stage, form: FoundForm, pairs: Pairs) -> TestResponse:
    """What the form answers; nothing is kept."""
    data, name = small_file()
    options = options_of(form, pairs, (BytesIO(data), name))
    with stage.trial():
        return stage.ask(stage.visitors[form.visitor], form.method, form.url, **options)


def what_is_wrong(form: FoundForm, answer: TestResponse) -> set[str] | None:
    """The names of the fields that the form complains about; None where it took what was sent."""
    if answer.status_code in (200, 400, 409) and is_given_back(form, answer):
        return errors_of(parsed(answer)) or (None if answer.status_code == 200 else set())
    return None if answer.status_code in (200, 303) else set()


def free_of(stage: Stage, form: FoundForm, filling: Filling) -> frozenset[str]:
    """Text boxes that take words; those that hold something else are tried with words."""
    boxes = [control.name for control in form.texts if control.kind is Kind.TEXT]
    return frozenset(
        name
        for name in boxes
        if filling.values[name] == FREE
        or what_is_wrong(form, tried(stage, form, filling.pairs(**{name: FREE}))) is None
    )


def small_file() -> tuple[bytes, str]:
    """A file that says little, and its name."""
    return "姓名\n示例甲\n".encode(), "示例.csv"
