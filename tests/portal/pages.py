"""An HTML page as a test reads it: parsed strictly, with words for what people see."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

from tinyhtml5 import inputstream
from tinyhtml5.parser import HTMLParser
from werkzeug.test import TestResponse

XHTML = "{http://www.w3.org/1999/xhtml}"
CONTROLS = ("input", "select", "textarea")
BUTTON_TYPES = ("hidden", "submit", "button", "reset", "image")


class Patterns(dict[tuple[frozenset[str], bool], re.Pattern[str]]):
    """The parser means to keep these and keeps them under another key, so that it makes each anew at each letter."""

    def __missing__(self, key: tuple[frozenset[str], bool]) -> re.Pattern[str]:
        characters, opposite = key
        letters = "".join(f"\\x{ord(character):02x}" for character in characters)
        self[key] = re.compile(f"[{'' if opposite else '^'}{letters}]+")
        return self[key]


inputstream.characters_until_regex = Patterns()


@dataclass(frozen=True)
class Page:
    """One answer; `faults` of the parser are the places where the HTML is not well-formed."""

    url: str
    response: TestResponse

    @cached_property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @cached_property
    def _parsed(self) -> tuple[Element, list[str]]:
        parser = HTMLParser()
        tree = parser.parse(self.html)
        faults = [f"{position}: {code} {values}" for position, code, values in parser.errors]
        return getattr(tree, "getroot", lambda: tree)(), faults

    @property
    def tree(self) -> Element:
        return self._parsed[0]

    @property
    def faults(self) -> list[str]:
        return self._parsed[1]

    @cached_property
    def parents(self) -> Mapping[Element, Element]:
        """Each element's parent."""
        return {child: parent for parent in self.tree.iter() for child in parent}

    def all(self, *names: str) -> Iterator[Element]:
        """Every element with one of these names, in order."""
        wanted = {XHTML + name for name in names}
        return (element for element in self.tree.iter() if element.tag in wanted)

    @property
    def title(self) -> str:
        return next((text_of(element) for element in self.all("title")), "")

    @property
    def heading(self) -> str:
        """The one h1."""
        return next((text_of(element) for element in self.all("h1")), "")

    @cached_property
    def text(self) -> str:
        """What the page says, blanks drawn together."""
        return next((text_of(element) for element in self.all("body")), "")

    @property
    def main(self) -> str:
        """What the page says apart from its frame."""
        return next((text_of(element) for element in self.all("main")), "")

    @property
    def links(self) -> dict[str, str]:
        """Each link's words and address; of equal words the first."""
        found: dict[str, str] = {}
        for element in self.all("a"):
            found.setdefault(text_of(element), element.get("href", ""))
        return found

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        boxes = (element for element in self.all("div") if element.get("role") == "alert")
        return [text_of(line) for box in boxes for line in box.iter(XHTML + "li")]

    @property
    def rows(self) -> list[list[str]]:
        """The body rows of all tables, cell by cell."""
        bodies = self.all("tbody")
        return [[text_of(cell) for cell in row] for body in bodies for row in body]

    def form(self, button: str = "") -> Element:
        """The form with this button, or the only form of the page's main part."""
        forms = [form for main in self.all("main") for form in main.iter(XHTML + "form")]
        if button:
            every = [*forms, *self.all("form")]
            forms = [form for form in every if button in map(text_of, form.iter(XHTML + "button"))][:1]
        assert len(forms) == 1, f"{self.url} has {len(forms)} forms; name the button"
        return forms[0]

    def label_of(self, control: Element) -> str:
        """The words beside a control."""
        named = {label.get("for"): text_of(label) for label in self.all("label")}
        if control.get("id") in named:
            return named[control.get("id")]
        for above in self.around(control):
            if above.tag == XHTML + "label":
                return text_of(above)
        return control.get("aria-label", "")

    def around(self, element: Element) -> Iterator[Element]:
        """The elements that hold this one, from the inside out."""
        while element in self.parents:
            element = self.parents[element]
            yield element


def text_of(element: Element) -> str:
    """The text of an element with everything in it, blanks drawn together."""
    return " ".join("".join(element.itertext()).split())


def controls_of(form: Element) -> list[Element]:
    """What a form sends."""
    return [
        item for item in form.iter() if item.tag in {XHTML + name for name in CONTROLS} and item.get("name")
    ]


def is_labelled_kind(control: Element) -> bool:
    """Whether a person sees the control and has to know what it asks."""
    return control.get("type", "text") not in BUTTON_TYPES
