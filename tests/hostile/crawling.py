"""What a visitor reaches by following links: pages, the forms on them, the addresses and their parameters."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, product
from typing import Any
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import lxml.html
from lxml.html import HtmlElement
from werkzeug.exceptions import HTTPException
from werkzeug.routing import AnyConverter, BuildError, MapAdapter, Rule
from werkzeug.test import TestResponse

from tests.hostile.forms import FOUND, KEY, TOKEN, TURN, VERSION, Control, FoundForm, Kind, forms_in
from tests.hostile.noting import forms_made, names_asked
from tests.hostile.stage import Stage, Visitor

PER_ENDPOINT = 1
"""Pages of one endpoint that are read: records of a kind are alike."""
PER_FORM = 4
"""Pages of an address that takes a form, each with other parameters."""
TRIES = 6
"""Records of a kind with which a form is looked for that stands on no page that was read."""
LEADING_OUT = ("preferences.", "static")


@dataclass(frozen=True)
class Seen:
    """One answer with the address that it was asked for."""

    url: str
    endpoint: str
    answer: TestResponse

    @property
    def is_page(self) -> bool:
        return self.answer.mimetype == "text/html"

    @cached_property
    def tree(self) -> HtmlElement:
        return parsed(self.answer)


@dataclass
class Finds:
    """What was found for one visitor."""

    visitor: Visitor
    seen: list[Seen] = field(default_factory=list)
    forms: list[FoundForm] = field(default_factory=list)
    links: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Addresses by endpoint, also of those that were not read."""
    codes: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    """Values by the name that an address gives them, in the order in which they were seen."""
    parameters: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Names by endpoint that an address may hold: seen in links and forms, or asked for by the view."""


def parsed(answer: TestResponse) -> HtmlElement:
    """The page, read forgivingly."""
    return lxml.html.fromstring(
        answer.get_data() or b"<html></html>", parser=lxml.html.HTMLParser(encoding="utf-8")
    )


def finds_of(stage: Stage, visitor: Visitor, *, per_endpoint: int = PER_ENDPOINT) -> Finds:
    """Reads pages from the home page on, so many of each endpoint."""
    adapter, finds = stage.app.url_map.bind("localhost"), Finds(visitor)
    takes_form = {rule.endpoint for rule in stage.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    asked: Counter[str] = Counter()
    waiting, known = ["/"], {"/"}
    while waiting:
        url = waiting.pop(0)
        endpoint = noted_link(adapter, url, finds)
        if endpoint is None:
            continue
        if asked[endpoint] >= (PER_FORM if endpoint in takes_form else per_endpoint):
            continue
        asked[endpoint] += 1
        for found in linked_from(stage, finds, adapter, url, endpoint):
            if found not in known:
                known.add(found)
                waiting.append(found)
    return finds


def noted_link(adapter: MapAdapter, url: str, finds: Finds) -> str | None:
    """What answers at an address of ours, with its names and codes noted; None for what is not to be followed."""
    found = match(adapter, url, "GET")
    if found is None or found[0].startswith(LEADING_OUT):
        return None
    endpoint, arguments = found
    finds.links[endpoint].append(url)
    finds.parameters[endpoint] |= {name for name, _ in parse_qsl(urlsplit(url).query)}
    for name, value in arguments.items():
        finds.codes[name].setdefault(str(value))
    return endpoint


def linked_from(stage: Stage, finds: Finds, adapter: MapAdapter, url: str, endpoint: str) -> list[str]:
    """Reads an address and gives back where it leads."""
    with names_asked() as names:
        answer = stage.get(finds.visitor, url)
    finds.parameters[endpoint] |= names
    here = answer.request.full_path.rstrip("?") if answer.request.path != urlsplit(url).path else url
    one = Seen(here, endpoint, answer)
    finds.seen.append(one)
    return list(leading_on(one, adapter, finds)) if one.is_page else []


def leading_on(one: Seen, adapter: MapAdapter, finds: Finds) -> Iterator[str]:
    """The links of a page; its forms are noted."""
    for method, url, controls in forms_in(one.tree, one.url):
        found = match(adapter, url, method)
        if found is not None:
            finds.forms.append(FoundForm(finds.visitor.name, one.url, url, found[0], method, controls))
            if method == "GET":
                finds.parameters[found[0]] |= {control.name for control in controls}
    for link in one.tree.iter("a"):
        yield urljoin(one.url, link.get("href") or "").partition("#")[0]


def match(adapter: MapAdapter, url: str, method: str) -> tuple[str, Mapping[str, Any]] | None:
    """What answers there, and what the address names; None for addresses elsewhere."""
    parts = urlsplit(url)
    if parts.netloc:
        return None
    try:
        endpoint, arguments = adapter.match(unquote(parts.path), method=method)
    except HTTPException:
        return None
    return str(endpoint), arguments


def distinct(forms: Iterable[FoundForm]) -> list[FoundForm]:
    """Each form once, as the first visitor found it."""
    found: dict[Any, FoundForm] = {}
    for form in forms:
        found.setdefault(form.key, form)
    return list(found.values())


def look_for_missing(stage: Stage, everything: Sequence[Finds]) -> None:
    """Forms that stand on no page that was read: their addresses are tried with the records that were seen.

    Where no page shows a form, one is made of the names that its view asks for.
    """
    adapter = stage.app.url_map.bind("localhost")
    covered = {form.endpoint for finds in everything for form in finds.forms if form.method == "POST"}
    for rule in stage.app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.endpoint not in covered:
            _is_found(stage, adapter, rule, everything) or _made_bare(stage, adapter, rule, everything)


def _is_found(stage: Stage, adapter: MapAdapter, rule: Rule, everything: Sequence[Finds]) -> bool:
    for finds in everything if "GET" in (rule.methods or ()) else ():
        for url in islice(addresses_of(stage, rule, finds), TRIES):
            linked_from(stage, finds, adapter, url, rule.endpoint)
            if any(form.endpoint == rule.endpoint for form in finds.forms):
                return True
    return False


def _made_bare(stage: Stage, adapter: MapAdapter, rule: Rule, everything: Sequence[Finds]) -> bool:
    for finds in everything:
        for url in islice(addresses_of(stage, rule, finds), TRIES):
            token = stage.get(finds.visitor, "/sign-in/token").json or {}
            with stage.trial(), names_asked() as names, forms_made() as made:
                answer = stage.ask(finds.visitor, "POST", url, data={TOKEN: token.get("token", "")})
            if answer.status_code not in (401, 403, 404):
                names |= {item.name for one in made for item in one}
                fixed = {
                    item.name: standing for one in made for item in one if (standing := fixed_value(item))
                }
                controls = [
                    Control(name, Kind.HIDDEN, fixed[name]) if name in fixed else Control(name, Kind.TEXT)
                    for name in sorted(names - {TOKEN})
                ]
                finds.forms.append(
                    FoundForm(
                        finds.visitor.name,
                        url,
                        url,
                        rule.endpoint,
                        "POST",
                        (Control(TOKEN, Kind.HIDDEN, token.get("token", "")), *controls),
                        is_bare=True,
                    )
                )
                return True
    return False


def fixed_value(item: Any) -> str:
    """What a page would send without anybody's typing: keys and versions, and one of what is offered."""
    if item.name == KEY:
        return "0" * 32
    if item.name in (VERSION, TURN):
        return "1"
    if item.name == FOUND:
        return "{}"
    offered = list(item.iter_choices()) if hasattr(item, "iter_choices") and item.choices else []
    return str(offered[0].value if hasattr(offered[0], "value") else offered[0][0]) if offered else ""


def addresses_of(stage: Stage, rule: Rule, finds: Finds) -> Iterator[str]:
    """Of one rule, with codes that the visitor saw."""
    adapter, method = stage.app.url_map.bind("localhost"), "POST" if "POST" in (rule.methods or ()) else "GET"
    names = sorted(rule.arguments)
    seen = [words_of(rule, name) or list(finds.codes.get(name, {})) or ["2222222222"] for name in names]
    for values in product(*seen):
        with suppress(BuildError):
            yield str(adapter.build(rule.endpoint, dict(zip(names, values, strict=True)), method=method))


def words_of(rule: Rule, argument: str) -> list[str]:
    """Those that the address lets an argument be; empty where it may be any code."""
    converter = rule._converters[argument]
    return sorted(converter.items) if isinstance(converter, AnyConverter) else []
