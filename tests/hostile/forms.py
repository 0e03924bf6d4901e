"""A form as it was found on a page, and what goes over the wire when it is sent."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote_from_bytes, urljoin

from lxml.html import HtmlElement

Typed = str | bytes
Pairs = Sequence[tuple[str, Typed]]

TOKEN = "csrf_token"
KEY = "key"
VERSION = "version"
TURN, FOUND = "turn", "found"
"""How much the page of a draft has sent: a number of its own, which is kept with what it sent."""


class Kind(StrEnum):
    """What a control lets a person do."""

    TEXT = "text"
    SECRET = "secret"
    """A password, or a code that holds for a moment: never sent back."""
    CHOICE = "choice"
    HIDDEN = "hidden"
    FILE = "file"


@dataclass(frozen=True)
class Control:
    """One control; `choices` are the values that it offers."""

    name: str
    kind: Kind
    standing: str = ""
    """What it holds when nobody touched it."""
    choices: tuple[str, ...] = ()

    @property
    def is_typed(self) -> bool:
        return self.kind in (Kind.TEXT, Kind.SECRET)


@dataclass(frozen=True, repr=False)
class FoundForm:
    """One form of one page, for one visitor."""

    visitor: str
    page: str
    url: str
    endpoint: str
    method: str
    controls: tuple[Control, ...]
    is_bare: bool = False
    """It stands on no page: its names are those that the view asks for."""

    @property
    def key(self) -> tuple[str, str, frozenset[str]]:
        """Equal for the same form on different pages and for different visitors."""
        return self.endpoint, self.method, frozenset(control.name for control in self.controls)

    @property
    def named(self) -> dict[str, Control]:
        return {control.name: control for control in self.controls}

    @property
    def texts(self) -> tuple[Control, ...]:
        """Whatever can be typed into."""
        return tuple(control for control in self.controls if control.is_typed)

    @property
    def is_more_than_a_button(self) -> bool:
        return any(control.name not in (TOKEN, KEY, VERSION) for control in self.controls)

    @property
    def sends_file(self) -> bool:
        return any(control.kind is Kind.FILE for control in self.controls)

    def __repr__(self) -> str:
        return f"{self.method} {self.url} ({self.endpoint}) of {self.visitor}"


def forms_in(tree: HtmlElement, page: str) -> Iterator[tuple[str, str, tuple[Control, ...]]]:
    """Method, address and controls of every form of a page."""
    for form in tree.iter("form"):
        method = (form.get("method") or "get").upper()
        yield method, urljoin(page, form.get("action") or page), tuple(controls_of(form))


def controls_of(form: HtmlElement) -> Iterator[Control]:
    """Controls by name, each once: radio buttons of one name are one choice."""
    boxes: dict[str, list[HtmlElement]] = {}
    for element in form.iter("input", "select", "textarea", "button"):
        if element.get("name"):
            boxes.setdefault(element.get("name"), []).append(element)
    return (control_of(name, elements) for name, elements in boxes.items())


def control_of(name: str, elements: list[HtmlElement]) -> Control:
    first = elements[0]
    if first.tag == "textarea":
        return Control(name, Kind.TEXT, first.text or "")
    if first.tag == "select":
        return choice(
            name,
            [(option.get("value") or "", "selected" in option.attrib) for option in first.iter("option")],
        )
    kind = (first.get("type") or "text").lower()
    if kind in ("radio", "checkbox") or first.tag == "button":
        return choice(name, [(one.get("value") or "on", "checked" in one.attrib) for one in elements])
    kinds = {"hidden": Kind.HIDDEN, "password": Kind.SECRET, "file": Kind.FILE}
    is_passing = first.get("autocomplete") == "one-time-code"
    return Control(name, Kind.SECRET if is_passing else kinds.get(kind, Kind.TEXT), first.get("value") or "")


def choice(name: str, options: list[tuple[str, bool]]) -> Control:
    """What stands is what is chosen, or the first that says something."""
    values = tuple(value for value, _ in options)
    chosen = [value for value, is_chosen in options if is_chosen]
    return Control(name, Kind.CHOICE, next(filter(None, [*chosen, *values]), ""), values)


def encoded(pairs: Iterable[tuple[str, Typed]]) -> bytes:
    """As a browser sends it; lone surrogates and bytes go as they are, which no browser does."""
    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs).encode()


def quoted(text: Typed) -> str:
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return quote_from_bytes(raw, safe="")


def options_of(form: FoundForm, pairs: Pairs, file: tuple[Any, str] | None = None) -> dict[str, Any]:
    """What the client needs to send these pairs in the way of this form."""
    if form.method == "GET":
        return {"query_string": encoded(pairs).decode()}
    if not form.sends_file:
        return {"data": encoded(pairs), "content_type": "application/x-www-form-urlencoded"}
    data: dict[str, Any] = {}
    for name, value in pairs:
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        data.setdefault(name, []).append(text.encode("utf-8", "replace").decode())
    if file is not None:
        data |= {control.name: file for control in form.controls if control.kind is Kind.FILE}
    return {"data": data, "content_type": "multipart/form-data"}
