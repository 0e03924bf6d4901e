"""The rules that hold for every page, each as a list of what breaks it."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.html_pages import Page

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
OUTSIDE = re.compile(r"^\s*(https?:)?//|^\s*(javascript|data:text)", re.IGNORECASE)
ADDRESSES = ("href", "src", "action", "formaction", "hx-get", "hx-post", "poster")
SPOKEN_ATTRIBUTES = ("aria-label", "title", "placeholder", "alt")
UNLABELLED_KINDS = ("hidden", "submit", "button", "reset", "image")
NONCE = re.compile(r"'nonce-([^']+)'")


def rudeness(page: Page) -> list[str]:
    """One line per broken rule; an answer that is no HTML breaks none."""
    if page.is_whole:
        return [*headings(page), *nonces(page), *parts(page)]
    return list(parts(page))


def parts(page: Page) -> Iterator[str]:
    """What is asked of a whole page and of a part of one alike."""
    yield from labels(page)
    yield from tokens(page)
    yield from addresses(page)
    yield from inline_code(page)
    yield from foreign_words(page)
    yield from unfilled_sentences(page)


def headings(page: Page) -> Iterator[str]:
    if len(page.headings) != 1:
        yield f"{len(page.headings)} h1: {page.headings}"
    if not page.title.strip(" -"):
        yield "no title"
    if not page.tree.get("lang"):
        yield "no language"


def labels(page: Page) -> Iterator[str]:
    named = {label.get("for") for label in page.tree.iter("label")}
    wrapped = {id(control) for label in page.tree.iter("label") for control in label.iter()}
    for control in page.tree.iter():
        if control.tag not in ("input", "select", "textarea") or control.get("type") in UNLABELLED_KINDS:
            continue
        spoken = control.get("aria-label") or control.get("aria-labelledby")
        if not (control.get("id") in named or id(control) in wrapped or spoken):
            yield f"no label for {control.get('name')!r}"


def tokens(page: Page) -> Iterator[str]:
    for form in page.forms:
        if form.method == "post" and not form.fields.get("csrf_token"):
            yield f"no csrf_token in the form to {form.action}"


def nonces(page: Page) -> Iterator[str]:
    policy = page.response.headers.get("Content-Security-Policy", "")
    allowed = set(NONCE.findall(policy))
    if "default-src 'none'" not in policy or "unsafe" in policy or len(allowed) != 1:
        yield f"a weak security policy: {policy!r}"
    for element in page.tree.iter():
        if element.tag in ("script", "style") and element.get("nonce") not in allowed:
            yield f"a {element.tag} without the nonce"


def addresses(page: Page) -> Iterator[str]:
    for element in page.tree.iter():
        for name in ADDRESSES:
            if OUTSIDE.search(element.get(name, "")):
                yield f"{element.tag} {name}={element.get(name)!r} leads outside"


def inline_code(page: Page) -> Iterator[str]:
    for element in page.tree.iter():
        for name in element.attrib:
            if name == "style" or name.startswith("on"):
                yield f"{element.tag} has an inline {name}"


def foreign_words(page: Page) -> Iterator[str]:
    """On an English page, Chinese stands only where `lang` says so."""
    language = page.response.headers.get("Content-Language") or page.tree.get("lang") or ""
    if language.startswith("en"):
        yield from (f"Chinese on an English page: {text.strip()!r}" for text in chinese(page.tree))


def chinese(element: Element) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.get("lang", "").startswith("zh"):
        return
    for text in (element.text or "", *(element.get(name, "") for name in SPOKEN_ATTRIBUTES)):
        if HAN.search(text):
            yield text
    for child in element:
        yield from chinese(child)
        if HAN.search(child.tail or ""):
            yield child.tail or ""


def unfilled_sentences(page: Page) -> Iterator[str]:
    """Places that nobody filled, and Python that leaked into words."""
    for fault in re.findall(r"%\(\w+\)[sd]|\{\{|\bNone\b|<Markup|object at 0x|LazyString", page.text):
        yield f"{fault!r} in the words of the page"
