"""What every answer must be, and what must have become of what was typed."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement
from markupsafe import escape
from werkzeug.test import TestResponse

from tests.hostile.crawling import parsed
from tests.hostile.forms import FoundForm, Kind, controls_of

TRACES = re.compile(
    r"Traceback \(most recent|sqlalche\.me|sqlite3\.|psycopg|OperationalError|ProgrammingError|DataError|IntegrityError"
    r"|syntax error at or near|no such column|unrecognized token|SELECT .+ FROM |/(?:tmp|work|home|usr)/\S+\.py",
)
"""What an answer must not tell: where a program stands and how it asks its database."""

LONG_NUMBER = re.compile(r"[\d*]{11,}[\dXx*]?")
"""What the trail shows as stars: it might be the number of a person or a phone."""


@dataclass(frozen=True)
class Sent:
    """What was sent with a form; `typed` is what a person typed into it, where a person could have sent all of it."""

    form: FoundForm
    typed: Mapping[str, str]
    is_honest: bool
    free: frozenset[str] = frozenset()


Writes = Sequence[tuple[str, Sequence[Any]]]


def faults_of_answer(answer: TestResponse, asked: str = "") -> Iterator[str]:
    """What is wrong whatever was sent; what was asked may be said again."""
    if answer.status_code >= 500:
        yield f"answered {answer.status_code}"
    told = TRACES.search(answer.get_data(as_text=True)) if is_text(answer) else None
    if told and told[0] not in asked:
        yield f"tells {told[0]!r}"


def faults_of_form(sent: Sent, answer: TestResponse, writes: Writes) -> Iterator[str]:
    """What became of what was typed: it is kept as it was typed, or it comes back with a word of what is wrong."""
    yield from faults_of_answer(answer)
    yield from unescaped(sent, answer)
    if not sent.is_honest or sent.form.method == "GET":  # what an address asks stands in the address: T3
        return
    if is_given_back(sent.form, answer):
        yield from faults_of_page(sent, answer)
    elif answer.status_code in (200, 303):
        yield from lost(sent, answer, writes)
    elif not is_said_to_script(answer) and sent.form.texts:
        yield f"answered {answer.status_code} without giving the form back"


def faults_of_page(sent: Sent, answer: TestResponse) -> Iterator[str]:
    """A form that came back holds what was typed, and says beside each field what is wrong with it."""
    tree, text = parsed(answer), answer.get_data(as_text=True)
    held = {control.name: control.standing for form in tree.iter("form") for control in controls_of(form)}
    for control in sent.form.texts:
        typed = plain(sent.typed.get(control.name, ""))
        if (
            control.kind is Kind.TEXT
            and plain(held.get(control.name, "")) != typed
            and str(escape(typed)) not in plain(text)
        ):
            yield f"{control.name} lost {typed[:60]!r}, holds {held.get(control.name, '')[:60]!r}"
    for name in errors_of(tree):
        if not is_said_beside(tree, name):
            yield f"the error of {name} does not stand beside it"
    if not says_something(tree):
        yield "the form came back without a word"


def lost(sent: Sent, answer: TestResponse, writes: Writes) -> Iterator[str]:
    """Words that were taken and stand neither in the register nor in the answer."""
    text = answer.get_data(as_text=True) if is_text(answer) else ""
    written = [kept(value) for _, values in writes for value in values if isinstance(value, str)]
    for name in sent.free & sent.typed.keys():
        typed = plain(sent.typed[name])
        in_script = json.dumps(typed, ensure_ascii=False)[1:-1]
        if not writes or typed == plain(sent.form.named[name].standing) or typed in text or in_script in text:
            continue
        forms = (typed, json.dumps(typed)[1:-1], json.dumps(typed, ensure_ascii=False)[1:-1])
        if not any(kept(form) in value for form in forms for value in written):
            yield f"{name} was taken and is lost: {typed[:60]!r}"


def kept(text: str) -> str:
    """As the register keeps it: no signs that nobody sees, no full-width letters, no long numbers in the trail."""
    seen = "".join(sign for sign in plain(text) if unicodedata.category(sign) not in ("Cf", "Cc", "Cn", "Co"))
    return LONG_NUMBER.sub("*", unicodedata.normalize("NFKC", seen)).strip()


def unescaped(sent: Sent, answer: TestResponse) -> Iterator[str]:
    """Markup that was sent and stands in the page as markup."""
    if answer.mimetype != "text/html":
        return
    text = answer.get_data(as_text=True)
    for typed in sent.typed.values():
        if len(typed) > 12 and "<" in typed and ">" in typed and typed in text:
            yield f"stands in the page as markup: {typed[:60]!r}"


def is_given_back(form: FoundForm, answer: TestResponse) -> bool:
    """Whether the page holds the same form again."""
    if answer.mimetype != "text/html" or not answer.get_data():
        return False
    wanted = {control.name for control in form.controls}
    if not wanted:
        return False
    return any(
        {control.name for control in controls_of(found)} >= wanted for found in parsed(answer).iter("form")
    )


def errors_of(tree: HtmlElement) -> set[str]:
    """The names of the controls that the summary of errors leads to."""
    names = set()
    for link in tree.xpath("//*[@role='alert']//a[starts-with(@href, '#')]"):
        target = tree.xpath("//*[@id=$id]", id=link.get("href")[1:])
        names |= {one.get("name") for one in target if one.get("name")}
    return names


def is_said_beside(tree: HtmlElement, name: str) -> bool:
    """Whether the control, or the group it belongs to, is described by an error that is there."""
    for control in tree.xpath("//*[@name=$name]", name=name):
        groups = [control, *control.iterancestors("fieldset")]
        ids = {word for one in groups for word in (one.get("aria-describedby") or "").split()}
        if any("error" in word and tree.xpath("//*[@id=$id]", id=word) for word in ids):
            return True
        if any(one.xpath(".//*[contains(@class, 'field__error')]") for one in groups):
            return True
    return False


def says_something(tree: HtmlElement) -> bool:
    """Whether the page says what became of the form: an error, a result or a message."""
    return bool(tree.xpath("//*[@role='alert' or @role='status' or contains(@class, 'callout')]"))


def is_said_to_script(answer: TestResponse) -> bool:
    """A script that sent the form beside its page is told a sentence; the page stands as it stood."""
    return bool(answer.mimetype == "application/json" and (answer.json or {}).get("error"))


def is_text(answer: TestResponse) -> bool:
    return answer.mimetype.startswith("text/") or answer.mimetype in ("application/json", "image/svg+xml")


def plain(text: str) -> str:
    """Without the differences that HTML forms make: line ends, and the blanks around."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
