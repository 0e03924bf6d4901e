"""What every page of the portal must be: each manner names the faults of one page."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from xml.etree.ElementTree import Element

from tests.portal.pages import CONTROLS, XHTML, Page, is_labelled_kind, text_of

PRODUCTS = {"zh-CN": "精康通", "en": "Jingkangtong"}
HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
OUTSIDE = re.compile(r"(?i)^\s*(?:[a-z][a-z0-9+.-]*:)?//|^\s*(?:javascript|data|vbscript):")
ADDRESSES = (
    "href",
    "src",
    "action",
    "formaction",
    "srcset",
    "poster",
    "data",
    "{http://www.w3.org/1999/xlink}href",
)
SPOKEN = ("alt", "title", "aria-label", "placeholder", "data-busy", "data-label", "aria-description")
GROUPED_CODE = re.compile("[2-9a-z]{5}-[2-9a-z]{5}")
INLINE = re.compile(r"^(?:style|on\w+|hx-on.*)$")

SIGNS = {"button", "tag", "chip__label"}
"""Classes of what looks like a button or a sign."""

Manner = Callable[[Page], Iterator[str]]


def is_well_formed(page: Page) -> Iterator[str]:
    yield from page.faults
    ids = Counter(element.get("id") for element in page.tree.iter() if element.get("id"))
    yield from (f"the id {name} is used {count} times" for name, count in ids.items() if count > 1)
    for element in page.tree.iter():
        for name in ("aria-describedby", "aria-labelledby", "for", "aria-controls"):
            yield from (
                f"{name} points to {target}, which is not there"
                for target in element.get(name, "").split()
                if target not in ids
            )


def has_one_heading(page: Page) -> Iterator[str]:
    count = len(list(page.all("h1")))
    if count != 1 or not page.heading:
        yield f"{count} headings h1, the first says {page.heading!r}"


def has_title(page: Page) -> Iterator[str]:
    product = PRODUCTS.get(language_of(page), "")
    if not page.title.endswith(f" - {product}") or len(page.title) < len(product) + 4:
        yield f"the title is {page.title!r}"


def says_its_language(page: Page) -> Iterator[str]:
    if language_of(page) not in PRODUCTS:
        yield f"the language is {language_of(page)!r}"


def labels_its_controls(page: Page) -> Iterator[str]:
    for control in page.all(*CONTROLS):
        named = page.label_of(control) or control.get("aria-labelledby")
        if is_labelled_kind(control) and not named:
            yield f"{control.get('name')} has no label"


def names_its_buttons_and_links(page: Page) -> Iterator[str]:
    for element in page.all("a", "button"):
        if not text_of(element) and not element.get("aria-label"):
            yield f"a {local_name(element)} says nothing: {element.attrib}"


def sends_tokens(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        names = [control.get("name") for control in form.iter(XHTML + "input")]
        if form.get("method", "get").lower() == "post" and names.count("csrf_token") != 1:
            yield f"the form to {form.get('action', page.url)} has {names.count('csrf_token')} tokens"


def carries_its_nonce(page: Page) -> Iterator[str]:
    policy = page.response.headers.get("Content-Security-Policy", "")
    found = re.search(r"script-src 'self' 'nonce-([\w-]+)'", policy)
    nonce = found.group(1) if found else ""
    for element in page.all("script", "style", "link"):
        if local_name(element) == "link" and element.get("rel") != "stylesheet":
            continue
        if not nonce or element.get("nonce") != nonce:
            yield f"{local_name(element)} {element.get('src') or element.get('href')} has not the nonce of its answer"


def stays_inside(page: Page) -> Iterator[str]:
    for element in page.tree.iter():
        for name in ADDRESSES:
            if OUTSIDE.match(element.get(name, "")):
                yield f"{local_name(element)} leads outside: {element.get(name)}"


def keeps_styles_and_scripts_apart(page: Page) -> Iterator[str]:
    for element in page.tree.iter():
        yield from (
            f"{local_name(element)} has an inline {name}" for name in element.attrib if INLINE.match(name)
        )


def is_translated(page: Page) -> Iterator[str]:
    """On the English page, only what people typed is Chinese; such text is marked and may be repeated in attributes."""
    if language_of(page) != "en":
        return
    typed = {text for element in page.tree.iter() if is_chinese(element) for text in pieces(element)}
    longest_first = sorted(typed, key=len, reverse=True)
    for element in page.tree.iter():
        if any(is_chinese(above) for above in (element, *page.around(element))):
            continue
        said = [element.text or "", *(child.tail or "" for child in element)]
        said += [element.get(name, "") for name in SPOKEN]
        chinese = (text for text in said if HAN.search(text))
        yield from (
            f"not in English: {text.strip()!r}"
            for text in chinese
            if HAN.search(without(text, longest_first))
        )


def begins_with_capitals(page: Page) -> Iterator[str]:
    """In English, what stands by itself is in sentence case: headings, buttons, menus, labels, signs."""
    if language_of(page) != "en":
        return
    alone = page.all("h1", "h2", "h3", "button", "th", "dt", "label", "legend", "summary", "option", "title")
    signs = (element for element in page.all("a", "span") if set(element.get("class", "").split()) & SIGNS)
    menus = (link for menu in page.all("nav") for link in menu.iter(XHTML + "a"))
    for element in (*alone, *signs, *menus):
        said = "".join(spoken(element)).strip()
        if said[:1].islower() and not is_code(element):
            yield f"{local_name(element)} begins with a small letter: {text_of(element)!r}"


MANNERS: tuple[Manner, ...] = (
    is_well_formed,
    has_one_heading,
    has_title,
    says_its_language,
    labels_its_controls,
    names_its_buttons_and_links,
    sends_tokens,
    carries_its_nonce,
    stays_inside,
    keeps_styles_and_scripts_apart,
    begins_with_capitals,
)


def faults_of(page: Page) -> list[str]:
    """All the faults of a Chinese or English page, but for its translation."""
    return [f"{manner.__name__}: {fault}" for manner in MANNERS for fault in manner(page)]


def language_of(page: Page) -> str:
    return next((element.get("lang", "") for element in page.all("html")), "")


def spoken(element: Element) -> Iterator[str]:
    """What it says, without the signs that are hidden from the ear."""
    if element.get("aria-hidden") != "true":
        yield element.text or ""
        for child in element:
            yield from spoken(child)
            yield child.tail or ""


def local_name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def is_chinese(element: Element) -> bool:
    return element.get("lang", "").startswith("zh") and local_name(element) != "html"


def is_code(element: Element) -> bool:
    """A name that machines read too, which is written as it is."""
    first = text_of(element).partition(" ")[0]
    is_grouped = GROUPED_CODE.fullmatch(first) is not None or any(map(str.isdigit, first))
    return is_grouped or any(part.tag == XHTML + "code" for part in element.iter())


def pieces(element: Element) -> Iterator[str]:
    yield from (piece.strip() for piece in element.itertext() if piece.strip())


def without(text: str, typed: Sequence[str]) -> str:
    for piece in typed:
        text = text.replace(piece, "")
    return text
