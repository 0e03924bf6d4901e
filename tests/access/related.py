"""Questions about record after record, as each account stands to it, and the answers that follow from `reach.csv`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.routing import Rule

from portal.security import policy_of
from registry.access.models import Role
from registry.access.roles import DEPARTMENTS, REGULATORS
from registry.actions import Action
from registry.divisions.models import Division
from registry.organisations.models import Organisation
from tests.access.addresses import ASKED, FORMS, Question, addresses, filled
from tests.access.expectation import Reach, is_reached, reaches
from tests.access.geography import ENDED, Relation, Spot, relations_of
from tests.access.stage import Stage

REACHES = reaches()
ABOUT: Mapping[str, type] = {
    "figures.organisation": Organisation,
    "figures.export_of_organisation": Organisation,
    "figures.show": Division,
    "figures.export": Division,
    "ledgers.changes": Division,
    "ledgers.changes_of_organisation": Organisation,
    "ledgers.corrections": Division,
    "ledgers.corrections_of_organisation": Organisation,
    "ledgers.rules": Division,
    "ledgers.rules_of_organisation": Organisation,
    "outlook.division": Division,
    "plans.of_division": Division,
    "api_figures.show": Division,
    "api_figures.rows": Division,
}
"""Addresses that find their record themselves, to see a figure of it."""
ASKS_FIRST: Mapping[str, Action] = {
    "api_figures.rows": Action.PRACTITIONER_EXPORT,
    "plans.of_division": Action.ONE_PAGE_ISSUE,
}
ASKS_LAST: Mapping[str, Action] = {"figures.export_of_organisation": Action.PRACTITIONER_EXPORT}
"""What a role must be allowed besides, asked before or after the record."""

OTHERWISE: Mapping[tuple[str, Relation], str] = {
    # Its 30 days are over, and its bytes are gone.
    ("documents.file", Relation.ENDED): "404",
    # Today there is no such division.
    **{(endpoint, Relation.ENDED): "404" for endpoint, model in ABOUT.items() if model is Division},
    # Nobody attached anything.
    **{("activities.sheet", relation): "404" for relation in Relation},
    **{("education.proof", relation): "404" for relation in Relation},
    # Nobody's row has this code.
    **{(f"records.{deed}", relation): "404" for deed in ("change", "withdraw") for relation in Relation},
    # Nobody was given an award.
    **{("awards.withdraw", relation): "404" for relation in Relation},
    # The file of somebody else holds whole names and numbers: only its sender has it back.
    **{
        (endpoint, relation): "403"
        for endpoint in (
            "intake.annotated_copy",
            "columns.show",
            "columns.words",
            "columns.forget_columns",
            "differences.show",
        )
        for relation in Relation
        if relation is not Relation.OWN
    },
}
"""What somebody is told who may do the act, where there is a reason beside the permission."""

IN_PART: frozenset[tuple[str, Role]] = frozenset(
    ("reconciliation_files.correction", role) for role in (Role.PROVINCE, Role.CITY)
)
"""A file of somebody else with whole names: whoever is shown names in part has it not."""

BARRED: Mapping[tuple[str, Role], frozenset[Relation]] = {
    # Not beside the maker, nor one level above him.
    ("releases.release", Role.STREET): frozenset({Relation.CHILD}),
    ("releases.release", Role.HR): frozenset({Relation.OWN, Relation.DRAFT, Relation.CHILD}),
    # Whoever holds no position any more needs no code.
    **{
        ("appointments.invite", role): frozenset({Relation.ENDED})
        for role in (Role.STATION, Role.PROVIDER, Role.CHARITY, Role.ASSOCIATION, Role.SECADMIN)
    },
    # Only its own person, or whoever may end the position.
    **{
        (endpoint, role): frozenset({Relation.OWN, Relation.DRAFT, Relation.CHILD})
        for endpoint in ("handovers.hand_on", "handovers.withdraw")
        for role in (*REGULATORS, *DEPARTMENTS)
    },
    # Withdrawing is its maker's: whoever looks on is told so.
    **{
        (f"{area}.step", role): frozenset({Relation.OWN, Relation.ENDED, Relation.CHILD})
        for area, lookers_on in (
            ("provider_entries", (Role.PROVINCE, Role.CITY, Role.DISTRICT, Role.STREET)),
            ("station_filings", (Role.PROVINCE, Role.CITY, Role.DISTRICT)),
            ("service_reports", (Role.CITY, Role.DISTRICT, Role.STREET)),
        )
        for role in lookers_on
    },
    # A street withdraws what it filled in itself, and no station's own filing.
    ("station_filings.step", Role.STREET): frozenset({Relation.OWN, Relation.CHILD}),
    # Only the desk that was asked accepts: of places, the finance department's.
    **{
        ("tasks.accept", role): frozenset({Relation.OWN, Relation.DRAFT, Relation.CHILD})
        for role in (*REGULATORS, *DEPARTMENTS)
        if role is not Role.FINANCE
    },
}
"""Steps that the workflow bars for somebody who may take them elsewhere; only sending the form meets the bar."""


@dataclass(frozen=True)
class Related:
    """One cell: an address, an account, a relation; and what people say that it answers."""

    question: Question
    expected: str
    code: str
    """Of the record in the address; empty where it is a division, of which everybody knows."""


def related_questions(stage: Stage, role: Role) -> Iterator[Related]:
    """Every address that speaks of a record, about every record that stands in some relation to the account."""
    for rule in addresses(stage):
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for relation, spot in relations_of(role):
                url = url_about(stage, rule, role, relation, spot)
                if url is not None:
                    name = f"{rule.endpoint} {method} {relation}"
                    question = Question(name, rule.endpoint, method, url, FORMS.get(rule.endpoint, {}))
                    word = expected_word(stage, rule.endpoint, role, relation)
                    if method == "POST" and relation in BARRED.get((rule.endpoint, role), ()):
                        word = "403"
                    yield Related(question, word, code_in(stage, rule.endpoint, spot))


def url_about(stage: Stage, rule: Rule, role: Role, relation: Relation, spot: Spot) -> str | None:
    """The address of that record; None where the address speaks of none."""
    policy, asked = policy_of(stage.app, rule.endpoint), dict(ASKED.get(rule.endpoint, {}))
    if ABOUT.get(rule.endpoint) is Division:
        asked["division"] = ENDED[spot.place] if spot.state == "ended" else spot.place
    elif rule.endpoint not in ABOUT and (policy is None or policy.model is None):
        return None
    url, _names_record = filled(stage, rule, role, relation)
    return f"{url}?{urlencode(asked)}" if asked else url


def code_in(stage: Stage, endpoint: str, spot: Spot) -> str:
    """The code of the record that the address names."""
    policy = policy_of(stage.app, endpoint)
    model = ABOUT.get(endpoint, policy.model if policy else None)
    return "" if model is None or model is Division else stage.codes[model, spot]


def expected_word(stage: Stage, endpoint: str, role: Role, relation: Relation) -> str:
    """In the words of `expected.csv`."""
    word = _by_reach(stage, endpoint, role, relation)
    if word != "ok":
        return word
    return "403" if (endpoint, role) in IN_PART else OTHERWISE.get((endpoint, relation), word)


def _by_reach(stage: Stage, endpoint: str, role: Role, relation: Relation) -> str:
    if endpoint in ABOUT:
        return _of_figure(endpoint, role, relation)
    policy = policy_of(stage.app, endpoint)
    assert policy is not None
    assert policy.action is not None
    assert policy.model is not None
    if is_reached(REACHES[policy.action, role], relation, policy.model):
        return "ok"
    is_seen = policy.see is not None and is_reached(REACHES[policy.see, role], relation, policy.model)
    return "403" if is_seen else "404"


def _of_figure(endpoint: str, role: Role, relation: Relation) -> str:
    first = (Action.FIGURE_SEE, ASKS_FIRST.get(endpoint, Action.FIGURE_SEE))
    if any(REACHES[action, role] is Reach.NOWHERE for action in first):
        return "403"
    if not is_reached(REACHES[Action.FIGURE_SEE, role], relation, ABOUT[endpoint]):
        return "404"
    last = ASKS_LAST.get(endpoint, Action.FIGURE_SEE)
    return "403" if REACHES[last, role] is Reach.NOWHERE else "ok"
