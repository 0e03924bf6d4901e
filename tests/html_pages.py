"""A page as its reader has it: heading, text, links, tables, forms. Parsed as browsers parse."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import tinyhtml5
from werkzeug.test import TestResponse

UNSEEN = ("head", "script", "style", "template")
UNSENT = ("submit", "button", "reset", "file", "image")


@dataclass(frozen=True)
class Form:
    """One form: where it goes and what it would send untouched."""

    action: str
    method: str
    fields: dict[str, Any]
    element: Element = field(repr=False)


@dataclass(frozen=True)
class Page:
    """An answer and its tree; addresses are paths on this site."""

    response: TestResponse
    url: str
    tree: Element = field(repr=False)

    @classmethod
    def of(cls, response: TestResponse) -> "Page":
        tree = tinyhtml5.parse(response.text if is_html(response) else "", namespace_html_elements=False)
        return cls(response, response.request.full_path.removesuffix("?"), tree)

    @property
    def is_whole(self) -> bool:
        """Whether it is a page, not a part of one and not a file."""
        return is_html(self.response) and self.response.text.lstrip().lower().startswith("<!doctype")

    @cached_property
    def title(self) -> str:
        return "".join(words(title) for title in self.tree.iter("title"))

    @cached_property
    def headings(self) -> list[str]:
        """Every h1, of which there should be one."""
        return [words(heading) for heading in self.tree.iter("h1")]

    @property
    def heading(self) -> str:
        return self.headings[0]

    @cached_property
    def text(self) -> str:
        """All visible words, blanks run together."""
        return words(self.tree)

    @cached_property
    def links(self) -> list[tuple[str, str]]:
        """Words and path of each link."""
        return [(words(link), self.absolute(link.get("href", ""))) for link in self.tree.iter("a")]

    def link(self, text: str) -> str:
        """The path behind the one link with these words."""
        paths = {path for words_of_link, path in self.links if words_of_link == text}
        assert len(paths) == 1, f"{len(paths)} links say {text!r} on {self.url}"
        return paths.pop()

    @cached_property
    def tables(self) -> list[list[list[str]]]:
        """Each table as rows of cell texts, its head included."""
        return [
            [[words(cell) for cell in row if cell.tag in ("th", "td")] for row in table.iter("tr")]
            for table in self.tree.iter("table")
        ]

    @cached_property
    def forms(self) -> list[Form]:
        return [self._form(element) for element in self.tree.iter("form")]

    def form(self, action: str | None = None) -> Form:
        """The one form in `main` that goes to a path (to this page's own, unless said otherwise)."""
        wanted = urlsplit(action or self.url).path
        found = [form for form in self.forms if urlsplit(form.action).path == wanted]
        assert len(found) == 1, f"{len(found)} forms on {self.url} go to {wanted}"
        return found[0]

    def absolute(self, address: str) -> str:
        """The path and query that an address on this page means."""
        return urljoin(self.url, address)

    def _form(self, element: Element) -> Form:
        fields = {name: value for control in element.iter() if (name := control.get("name")) and (
            value := sent_value(control)) is not None}  # fmt: skip
        action = self.absolute(element.get("action", "") or self.url)
        return Form(action, element.get("method", "get").lower(), fields, element)


def is_html(response: TestResponse) -> bool:
    return response.mimetype == "text/html"


def words(element: Element) -> str:
    """What a reader sees of an element, blanks run together."""
    return " ".join("".join(pieces(element)).split())


def pieces(element: Element) -> list[str]:
    if not isinstance(element.tag, str) or (element.tag in UNSEEN):
        return []
    inner = [element.text or ""]
    for child in element:
        inner += [*pieces(child), child.tail or ""]
    return inner


def sent_value(control: Element) -> str | None:
    """What a browser would send of an untouched control; None for nothing."""
    kind = control.get("type", "text")
    if control.tag == "textarea":
        return control.text or ""
    if control.tag == "select":
        return chosen_option(control)
    if control.tag != "input" or kind in UNSENT:
        return None
    if kind in ("checkbox", "radio"):
        return control.get("value", "on") if "checked" in control.attrib else None
    return control.get("value", "")


def chosen_option(select: Element) -> str | None:
    options = list(select.iter("option"))
    chosen = [option for option in options if "selected" in option.attrib] or options[:1]
    return chosen[0].get("value", words(chosen[0])) if chosen else None
