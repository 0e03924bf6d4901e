"""From a row of the expectation to the question that asks for it.

A new address with a record of a known kind is asked without anything here; another argument, or a form that answers
only when something stands in it, gets one line in the tables below.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.security import policy_of, snake_case
from registry.divisions.models import DivisionChange
from registry.documents.models import IssuedDocument
from registry.organisations.models import Site
from tests.access.expectation import Row
from tests.access.geography import Relation, Spot, spot_of, standing_of
from tests.access.ground import HEADS
from tests.access.records import MAKERS
from tests.access.stage import Stage

PURPOSE = {"reason": "reporting", "note": "2026-Q4"}
OUTSIDE = Relation.ELSEWHERE
NAMED_MODELS = {snake_case(model.__name__): model for model in MAKERS}
"""The argument of an address that names a record: `address_change` is an AddressChange."""

OF_FIGURES = (
    "figures.show",
    "figures.export",
    "figures.organisation",
    "figures.export_of_organisation",
    "ledgers.changes",
    "ledgers.changes_of_organisation",
    "ledgers.corrections",
    "ledgers.corrections_of_organisation",
    "ledgers.rules",
    "ledgers.rules_of_organisation",
    "signing.sign",
    "api_figures.show",
    "api_figures.rows",
)
SAID_AT: Mapping[tuple[str, str], type] = {
    ("check.show", "typed"): IssuedDocument,
    ("public.place", "code"): Site,
    ("divisions.change", "code"): DivisionChange,
    ("divisions.undo", "code"): DivisionChange,
}
"""What names a record under another word."""
Said = Callable[[Stage, str, Relation], str]
SAID: Mapping[tuple[str, str], Said | str] = {
    ("activities.sheet", "attachment"): "3333333333",
    ("audit.show", "sequence"): "1",
    ("awards.withdraw", "code"): "never2345",
    ("calendar.feed", "token"): "never-given-out",
    ("identities.show_whole", "field"): "phone",
    ("inspections.change_finding", "number"): "1",
    ("inbox.read", "code"): lambda stage, who, relation: stage.notice(who, relation),
    ("intake.template", "kind"): "practitioners",
    ("intake.upload", "kind"): "practitioners",
    ("map.geometry", "name"): lambda stage, _who, _relation: stage.geometry,
    ("own.end_one", "code"): lambda stage, who, relation: stage.other_stay(who, relation),
    ("public_check.show", "check_code"): "zzzzzzzzzzzz",
    ("provider_entries.topic", "topic"): "site",
    ("provider_entries.save", "topic"): "site",
    ("provider_entries.step", "step"): "withdraw",
    ("source_systems.authorities", "kind"): "practitioners",
    ("service_reports.topic", "topic"): "service",
    ("service_reports.save", "topic"): "service",
    ("service_reports.step", "step"): "withdraw",
    ("station_filings.topic", "topic"): "place",
    ("station_filings.save", "topic"): "place",
    ("station_filings.step", "step"): "withdraw",
    ("majors.show", "catalogue"): "undergraduate",
    ("majors.show", "major_code"): "030302",
    ("merges.by_number", "number"): lambda stage, who, relation: stage.person_number(who, relation),
    ("merges.decide", "step"): "dismiss",
    ("education.decide", "step"): "verify",
    ("education.proof", "attachment"): "3333333333",
    ("records.add", "part"): "posts",
    ("records.change", "part"): "posts",
    ("records.change", "row"): "3333333333",
    ("records.withdraw", "part"): "posts",
    ("records.withdraw", "row"): "3333333333",
    ("positions.end", "code"): lambda stage, who, relation: stage.handover(who, relation),
    ("positions.take_up", "code"): lambda stage, who, relation: stage.position(who, relation),
    ("preferences.choose_keys", "name"): "off",
    ("preferences.choose_language", "name"): "en",
    ("preferences.choose_text", "name"): "large",
    ("public.area", "area"): "320102",
    ("public.leaflet", "area"): "320102001",
    ("public.map_page", "area"): "320102",
    **dict.fromkeys(((endpoint, "code") for endpoint in OF_FIGURES), "qualified-share"),
}
"""What stands in an address for an argument that names no record of `MAKERS`."""

ASKED: Mapping[str, Mapping[str, str]] = {
    "api_figures.rows": PURPOSE,
    "signing.sign": {"on": "2025-12-31"},
}
"""What an address has to ask."""

FORMS: Mapping[str, Mapping[str, Any]] = {
    "figures.export_of_organisation": PURPOSE,
    "workforce.export": PURPOSE,
    "round_trips.people": PURPOSE,
    "certificates_ending.export": PURPOSE,
    "identities.find": {"field": "phone", "value": "15439990021"},
    "identities.show_whole": {"reason": "contact", "explanation": "核实学历证书上的姓名与本人是否一致"},
    "documents.briefing": {"annex": "none of those"},
    "intake.upload": {},
}
"""What a form has to say to be heard; the rest is sent empty. A paper takes half a second: it is asked for in T1c."""


@dataclass(frozen=True)
class Question:
    """One question to the portal; `name` tells it from every other that an account asks."""

    name: str
    endpoint: str
    method: str
    url: str
    form: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def put(self, stage: Stage, who: str) -> TestResponse:
        """The answer that an account gets."""
        options: dict[str, Any] = {"headers": dict(self.headers)}
        if self.method == "POST":
            options["data"] = {
                key: (BytesIO(value.encode()), "名单.csv") if key == "file" else value
                for key, value in self.form.items()
            }
        return stage.ask(who, self.method, self.url, **options)


def question_for(stage: Stage, rule: Rule, method: str, who: str, where: str) -> Question:
    """The question of a cell; KeyError names an argument that nobody has said anything for."""
    relation = OUTSIDE if where == "outside" else Relation.OWN
    url, names_record = filled(stage, rule, who, relation)
    query, form = dict(ASKED.get(rule.endpoint, {})), dict(FORMS.get(rule.endpoint, {}))
    if where == "outside" and not names_record:
        place = outside_of(who)
        query, form = query | {"division": place}, form | {"division": place}
    if rule.endpoint == "intake.upload":
        form["file"] = HEADS
    address = f"{url}?{urlencode(query)}" if query else url
    return Question(f"{rule.endpoint} {method} {where}".strip(), rule.endpoint, method, address, form)


def filled(stage: Stage, rule: Rule, who: str, relation: Relation) -> tuple[str, bool]:
    """The address with its arguments, and whether one of them names a record."""
    values, names_record = {}, False
    for argument in rule.arguments:
        model = NAMED_MODELS.get(argument) or SAID_AT.get((rule.endpoint, argument))
        if model is not None:
            values[argument], names_record = stage.code(model, who, relation), True
            continue
        said = SAID[rule.endpoint, argument]
        values[argument] = said if isinstance(said, str) else said(stage, who, relation)
        names_record = names_record or not isinstance(said, str)
    built = rule.build(values)
    assert built is not None, f"{rule.endpoint} cannot be built with {values}"
    return built[1], names_record


def built_for(stage: Stage, rule: Rule, who: str, spot: Spot, figure: str) -> str:
    """The address with the records of a spot in it, and a figure."""
    values = {}
    for argument in rule.arguments:
        if argument in NAMED_MODELS:
            values[argument] = stage.codes[NAMED_MODELS[argument], spot]
        elif (rule.endpoint, argument) in SAID_AT:
            values[argument] = stage.codes[SAID_AT[rule.endpoint, argument], spot]
        elif figure and argument == "code":
            values[argument] = figure
        else:
            said = SAID[rule.endpoint, argument]
            values[argument] = said if isinstance(said, str) else said(stage, who, Relation.OWN)
    built = rule.build(values)
    assert built is not None
    return built[1]


def nobodys(rule: Rule) -> str:
    """The address of a record that nobody has."""
    words = {argument: SAID.get((rule.endpoint, argument)) for argument in rule.arguments}
    built = rule.build(
        {argument: word if isinstance(word, str) else "2222222222" for argument, word in words.items()}
    )
    assert built is not None
    return built[1]


def outside_of(who: str) -> str:
    """A division of another province."""
    spot = spot_of(standing_of(who), OUTSIDE)
    assert spot is not None
    return spot.place


def questions_of(stage: Stage, who: str, chosen: Sequence[Row]) -> list[Question]:
    """The questions of these rows of the expectation, as an account asks them."""
    rules = {rule.endpoint: rule for rule in addresses(stage)}
    return [question_for(stage, rules[row.endpoint], row.method, who, row.record) for row in chosen]


def addresses(stage: Stage) -> Iterator[Rule]:
    """Every address of the portal."""
    return stage.app.url_map.iter_rules()


def rule_of(stage: Stage, endpoint: str) -> Rule:
    """The one address of an endpoint."""
    return next(rule for rule in addresses(stage) if rule.endpoint == endpoint)


def names_a_record(stage: Stage, rule: Rule) -> bool:
    """Whether the expectation has to say something for a record outside the scope too."""
    policy = policy_of(stage.app, rule.endpoint)
    return bool(set(rule.arguments) & set(NAMED_MODELS)) or (policy is not None and policy.model is not None)
