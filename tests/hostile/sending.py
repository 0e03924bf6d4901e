"""What is sent with a form: filled by a person with anything, or put together by a program.

A trial is taken back after it, so that a thousand of them meet the form as the first did.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from werkzeug.test import TestResponse

from tests.hostile.filling import Filling, small_file
from tests.hostile.forms import TOKEN, Control, FoundForm, Kind, Pairs, Typed, options_of
from tests.hostile.judging import Sent, faults_of_form
from tests.hostile.stage import Stage
from tests.hostile.strings import NO_BROWSER_SENDS
from tests.hostile.strings import sent as sent_text
from tests.hostile.strings import typed as typed_text

EXTRAS = ("id", "code", "role", "state", "is_active", "__proto__", "csrf_token[]", "")
Spoiler = Callable[[str, str, Typed], list[tuple[str, Typed]]]
CONTENT_TYPES = ("application/json", "text/plain", "application/xml", "multipart/form-data", "")


@dataclass(frozen=True)
class Submission:
    """Names and values in the order in which they go, and how."""

    pairs: Pairs
    is_honest: bool = False
    content_type: str | None = None
    """Another one than that of the form."""
    file: tuple[bytes, str] | None = None

    def options(self, form: FoundForm) -> dict[str, Any]:
        data, name = self.file or small_file()
        file = BytesIO(data), name.encode("utf-8", "replace").decode()
        options = options_of(form, self.pairs, file)
        if self.content_type is not None and "data" in options:
            options |= {"content_type": self.content_type, "data": self._told_otherwise()}
        return options

    def _told_otherwise(self) -> bytes:
        shown = {name: value if isinstance(value, str) else repr(value) for name, value in self.pairs}
        return json.dumps(shown).encode()

    def typed(self, form: FoundForm) -> Mapping[str, str]:
        names = {control.name for control in form.texts}
        return {name: value for name, value in self.pairs if name in names and isinstance(value, str)}


def sent_and_judged(stage: Stage, form: FoundForm, filling: Filling, submission: Submission) -> list[str]:
    """The faults of the answer."""
    with stage.trial(), stage.written() as writes:
        answer = answered(stage, form, submission)
    free = filling.free if filling.is_taken else frozenset[str]()
    told = Sent(form, submission.typed(form), submission.is_honest, free)
    return list(faults_of_form(told, answer, writes))


def answered(stage: Stage, form: FoundForm, submission: Submission) -> TestResponse:
    return stage.ask(stage.visitors[form.visitor], form.method, form.url, **submission.options(form))


def naughty_submission(form: FoundForm, filling: Filling, texts: Mapping[str, Typed]) -> Submission:
    """These in the boxes of these names, and in the others what is right; a file gets its name from them."""
    pairs = list({**filling.values, **texts}.items())
    is_honest = not form.sends_file and not any(text in NO_BROWSER_SENDS for text in texts.values())
    named = next((text for text in texts.values() if isinstance(text, str)), "1")
    return Submission(pairs, is_honest=is_honest, file=(b"1\n", f"{named}.csv") if form.sends_file else None)


def submissions(form: FoundForm, filling: Filling) -> SearchStrategy[Submission]:
    """Half of them as a person would send them, where there is something to type."""
    if form.texts and not form.sends_file:
        return st.one_of(honest(form, filling), made_up(form, filling))
    return made_up(form, filling)


def honest(form: FoundForm, filling: Filling) -> SearchStrategy[Submission]:
    """Anything in the boxes, one of the choices, and the hidden fields as they stand."""

    def values_of(control: Control) -> SearchStrategy[str]:
        right = st.just(filling.values[control.name])
        if control.is_typed:
            return right | typed_text()
        return st.sampled_from(control.choices) if control.kind is Kind.CHOICE and control.choices else right

    values = st.fixed_dictionaries({control.name: values_of(control) for control in form.controls})
    return values.map(lambda typed: Submission(list(typed.items()), is_honest=True))


def made_up(form: FoundForm, filling: Filling) -> SearchStrategy[Submission]:
    """Fields that are left out, sent twice, as a list, as bytes; more may come along, or in another form.

    Where the answer is a file, no field is what it should be: making files is not what is tested.
    """
    parts = [
        spoilt(name, right)
        if filling.gives_file and name != TOKEN
        else st.just([(name, right)]) | spoilt(name, right)
        for name, right in filling.values.items()
    ]
    more = st.lists(st.tuples(st.sampled_from(EXTRAS) | st.text(max_size=8), sent_text()), max_size=2)
    return st.builds(
        put_together,
        st.tuples(*parts, st.just([]) | more),
        st.sampled_from([None] * 10 + list(CONTENT_TYPES)),
        st.tuples(st.binary(max_size=200), typed_text()) if form.sends_file else st.none(),
    )


def put_together(
    parts: Sequence[list[tuple[str, Typed]]], content_type: str | None, file: tuple[bytes, str] | None
) -> Submission:
    return Submission([pair for part in parts for pair in part], content_type=content_type, file=file)


@cache
def ways() -> SearchStrategy[tuple[Spoiler, Typed]]:
    """How a field may be sent in another way than its form does, and with what."""
    spoilers: tuple[Spoiler, ...] = (
        lambda name, right, text: [(name, text)],
        lambda name, right, text: [(name, text)],
        lambda name, right, text: [],
        lambda name, right, text: [(name, right), (name, text)],
        lambda name, right, text: [(name, text), (name, right)],
        lambda name, right, text: [(f"{name}[]", text), (f"{name}[0]", right)],
        lambda name, right, text: [(f"{name}.{name}", text)],
        lambda name, right, text: [(name, "")],
    )
    return st.tuples(st.sampled_from(spoilers), sent_text())


def spoilt(name: str, right: str) -> SearchStrategy[list[tuple[str, Typed]]]:
    """One field; the token is mostly right, for without it nothing else is looked at."""
    if name == TOKEN:
        return st.sampled_from([[(TOKEN, right)]] * 9 + [[(TOKEN, right[::-1])], []])
    return ways().map(lambda way: way[0](name, right, way[1]))
