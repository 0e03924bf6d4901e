"""Questions by which somebody might come to read what he must not: every record, file, paper, part and list there is.

They follow from the map of addresses and from the links of the pages, so that a new page is read without a line here.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import unescape
from itertools import product
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import sqlalchemy as sa
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from registry.access.models import Role
from registry.divisions.codes import NATION
from registry.intake.models import IntakeRun
from registry.organisations.models import AddressChange
from registry.workforce.models import Practitioner
from tests.access.addresses import (
    ASKED,
    NAMED_MODELS,
    OF_FIGURES,
    PURPOSE,
    SAID_AT,
    Question,
    addresses,
    built_for,
    rule_of,
)
from tests.access.expectation import comes_to, reaches
from tests.access.geography import Relation, Spot, every_spot
from tests.access.shares import is_in_share
from tests.access.stage import Stage, performance
from tests.access.visits import Visit, visited

FIGURES = ("qualified-share", "certified-share")
FORMATS = ("csv", "xlsx")
PAPERS = tuple(product(("docx", "pdf"), ("none", "institutions", "people")))
LINK = re.compile(r'(?:href|src|action|hx-get|hx-post)="([^"#]+)')
PART = {"HX-Request": "true"}
LEADING_OUT = frozenset({"own.end_every", "own.end_others", "own.end_one", "access.sign_out"})


LOOKED_AT = (
    (Practitioner, "practitioners.show", "practitioner.see"),
    (AddressChange, "address_changes.show", "address_change.see"),
)
"""Where the words of people and of drafts stand."""


def crawled(stage: Stage, who: str, questions: Iterable[Question], *, links: int = 0) -> Iterator[Visit]:
    """The answers; of the pages that they lead to, so many of each address are read as well."""
    asked: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    waiting = list(questions)
    with performance(stage) as connection:
        while waiting:
            one = waiting.pop(0)
            if (one.method, f"{one.url} {one.headers}{one.form}") in seen:
                continue
            seen.add((one.method, f"{one.url} {one.headers}{one.form}"))
            visit = undone(stage, connection, who, one)
            yield visit
            for found in linked(stage, visit) if links else ():
                if asked[found.endpoint] < links:
                    asked[found.endpoint] += 1
                    waiting.append(found)


def undone(stage: Stage, connection: sa.Connection, who: str, question: Question) -> Visit:
    """One answer, whose traces are taken back: ten files a day are soon taken."""
    before = connection.begin_nested()
    try:
        return visited(stage, connection, who, question)
    finally:
        before.rollback()


def records(stage: Stage, spots: Sequence[Spot], who: str) -> Iterator[Question]:
    """Every page that speaks of a record, for the record at each spot; pages of figures, for its place."""
    for rule in addresses(stage):
        if "GET" not in (rule.methods or ()) or not rule.arguments:
            continue
        for spot in spots if speaks_of_a_spot(rule) else spots[:1]:
            for figure in figures_of(rule):
                query = {**ASKED.get(rule.endpoint, {}), **place_of(rule, spot)}
                yield page(rule.endpoint, built_for(stage, rule, who, spot, figure), query)


def lists(stage: Stage) -> Iterator[Question]:
    """Every page without a record, whole and in part, of his own place and of the whole country."""
    for rule in addresses(stage):
        if "GET" in (rule.methods or ()) and not rule.arguments:
            for headers, place in product(({}, PART), ({}, {"division": NATION})):
                query = {**ASKED.get(rule.endpoint, {}), **place}
                yield replace(page(rule.endpoint, rule.rule, query), headers=headers)


def files(stage: Stage, spots: Sequence[Spot], who: str) -> Iterator[Question]:
    """Every list that can be taken along, in every form, with its purpose."""
    for rule in addresses(stage):
        if "export" not in rule.endpoint:
            continue
        for spot, form, what in product(spots if rule.arguments else spots[:1], FORMATS, ("parts", "people")):
            query = {"format": form, "what": what, **place_of(rule, spot)}
            for method, figure in product(
                sorted((rule.methods or set()) & {"GET", "POST"}), figures_of(rule)
            ):
                asked = page(rule.endpoint, built_for(stage, rule, who, spot, figure), query)
                yield replace(asked, method=method, form=PURPOSE)


def page(endpoint: str, url: str, query: Mapping[str, str]) -> Question:
    """One page."""
    return Question(endpoint, endpoint, "GET", f"{url}?{urlencode(query)}" if query else url)


def speaks_of_a_spot(rule: Rule) -> bool:
    """Whether its answer is another one at another spot."""
    named = any(one in NAMED_MODELS or (rule.endpoint, one) in SAID_AT for one in rule.arguments)
    return named or rule.endpoint in OF_FIGURES


def figures_of(rule: Rule) -> Sequence[str]:
    """Which figures it can speak of."""
    return FIGURES if rule.endpoint in OF_FIGURES else ("",)


def place_of(rule: Rule, spot: Spot) -> dict[str, str]:
    """The division that it asks about; a list without a record is asked for whole, and an institution by itself."""
    if "organisation" in rule.arguments:
        return {}
    return {"division": spot.place if rule.arguments else NATION}


def papers(place: str) -> Iterator[Question]:
    """Every paper on a place."""
    for (kind, annex), figure in product(PAPERS, FIGURES):
        asked = {"format": kind, "annex": annex, "figure": figure, "division": place}
        yield Question("documents.briefing", "documents.briefing", "POST", "/documents/briefing", asked)


def people_of_figures(spots: Sequence[Spot]) -> Iterator[Question]:
    """The rows behind a figure, as a program asks for them."""
    for figure, spot in product(FIGURES, spots):
        yield page("api_figures.rows", f"/api/v1/figures/{figure}/rows", {**PURPOSE, "division": spot.place})


def at_a_look(stage: Stage, who: str, home: str) -> Iterator[Question]:
    """A well-chosen part: who and what is his to see and some that is not, every file, a paper with people."""
    for model, endpoint, act in LOOKED_AT:
        for spot in every_spot():
            is_his = comes_to(reaches()[act, who], Role(who), spot, model)
            if is_his or is_in_share(f"{who}{spot}", 12):
                url = built_for(stage, rule_of(stage, endpoint), who, spot, "")
                yield Question(endpoint, endpoint, "GET", url)
    run = stage.code(IntakeRun, who, Relation.OWN)
    yield Question("intake.annotated_copy", "intake.annotated_copy", "GET", f"/intake/runs/{run}/annotated")
    here = Spot(home)
    yield from (one for one in files(stage, (here,), who) if "format=csv" in one.url)
    yield from people_of_figures((here,))
    if who in (Role.DISTRICT, Role.STATION):
        yield next(one for one in papers(home) if one.form["annex"] == "people")


def everything(stage: Stage, who: str, home: str) -> Iterator[Question]:
    """Far more than a look: pages and files of records near and far, lists whole and in part, every paper."""
    if who in set(Role):  # a deputy is shown what his role is, and less: the tour asks that
        yield from at_a_look(stage, who, home)
    spots = tuple(spot for spot in every_spot() if is_in_share(f"{who}{spot}", 2))
    few = (Spot(home), *[spot for spot in spots if spot.state == "live"][:2])
    yield from records(stage, spots, who)
    yield from lists(stage)
    yield from files(stage, few, who)
    yield from people_of_figures(few)
    yield from papers(home)


def linked(stage: Stage, visit: Visit) -> Iterator[Question]:
    """Where a page leads, on this portal and without leaving it."""
    if visit.answer.mimetype != "text/html":
        return
    adapter = stage.app.url_map.bind("localhost")
    for address in dict.fromkeys(map(unescape, LINK.findall(visit.answer.text))):
        parts = urlsplit(urljoin(visit.question.url, address))
        try:
            endpoint, _arguments = adapter.match(parts.path, method="GET")
        except HTTPException:
            continue  # a file of the portal's own, or a button
        if parts.netloc == "" and endpoint not in LEADING_OUT:
            query = urlencode(parse_qsl(parts.query))
            yield Question(
                str(endpoint), str(endpoint), "GET", f"{parts.path}?{query}" if query else parts.path
            )
