"""T1b: a record outside the scope is answered, byte by byte, as one that does not exist: page, part of it, interface.

What differs between any two answers is taken out first: the request id, the nonce, the token of forms, the minute, and
the code that was asked for. Nothing else may, the length and the headers included. The trail tells of both alike.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.organisations.models import Organisation
from tests.access.addresses import PURPOSE, SAID, Question, question_for, rule_of
from tests.access.expectation import Reach, reaches, rows
from tests.access.geography import Relation
from tests.access.related import related_questions
from tests.access.shares import is_in_share
from tests.access.stage import Stage, performance

NOBODYS = "2222222222"
"""A code as they are made, which no record has."""
WAYS: Mapping[str, Mapping[str, str]] = {
    "page": {},
    "part": {"HX-Request": "true"},
    "boosted": {"HX-Request": "true", "HX-Boosted": "true"},
    "english": {"Accept-Language": "en"},
}
TOLD = (
    AuditEntry.actor_code,
    AuditEntry.action,
    AuditEntry.result,
    AuditEntry.subject_type,
    AuditEntry.division_code,
    AuditEntry.facts,
    AuditEntry.reason,
)


@pytest.mark.parametrize("role", Role)
def test_whatever_lies_outside_is_as_if_it_did_not_exist(stage: Stage, role: Role) -> None:
    with performance(stage) as connection:
        told = telling_differences(stage, connection, role, one_in=80)

    assert told == []


def telling_differences(stage: Stage, connection: sa.Connection, role: Role, *, one_in: int) -> list[str]:
    """What would tell somebody who asks that there is something; of all pairs one in so many is compared."""
    return [
        f"{role} {one.name}: {difference}"
        for one, code in hidden_questions(stage, role)
        if is_in_share(f"{one.name} {role} hidden", one_in)
        for difference in differences(stage, connection, role, one, code)
    ]


def hidden_questions(stage: Stage, role: Role) -> Iterator[tuple[Question, str]]:
    """Each question about a record of which the role is told nothing, with its code; asked in each way."""
    asked = [
        (cell.question, cell.code)
        for cell in related_questions(stage, role)
        if cell.expected == "404" and cell.code and cell.question.name != "documents.file GET ended"
    ]
    for question, code in (*asked, *named_otherwise(stage, role)):
        for way, headers in WAYS.items():
            yield replace(question, name=f"{question.name} {way}", headers=headers), code


def named_otherwise(stage: Stage, role: Role) -> Iterator[tuple[Question, str]]:
    """Records that their view looks up by itself, and one that is named in a query."""
    for row in rows():
        rule = rule_of(stage, row.endpoint)
        said = [SAID.get((row.endpoint, argument)) for argument in rule.arguments]
        if row.record == "outside" and row.cells[role] == "404" and said and callable(said[0]):
            code = said[0](stage, role, Relation.ELSEWHERE)
            yield question_for(stage, rule, row.method, role, row.record), code
    if Reach.NOWHERE not in (reaches()["figure.see", role], reaches()["practitioner.export", role]):
        code = stage.code(Organisation, role, Relation.ELSEWHERE)
        url = f"/api/v1/figures/qualified-share/rows?{urlencode({'organisation': code, **PURPOSE})}"
        yield Question("api_figures.rows GET organisation", "api_figures.rows", "GET", url), code


def differences(
    stage: Stage, connection: sa.Connection, role: Role, question: Question, code: str
) -> Iterator[str]:
    """Between the answer about a hidden record and the one about nobody's."""
    hidden = question.put(stage, role)
    entry = last_entry(connection)
    missing = replace(question, url=question.url.replace(code, NOBODYS)).put(stage, role)
    if hidden.status_code != 404 or missing.status_code != 404:
        yield f"answered {hidden.status_code} and {missing.status_code}"
    yield from unlike(without_noise(hidden, code), without_noise(missing, NOBODYS))
    if headers_of(hidden) != headers_of(missing):
        yield f"the headers differ: {headers_of(hidden)} {headers_of(missing)}"
    if len(hidden.data) != len(missing.data):
        yield f"the lengths differ: {len(hidden.data)} {len(missing.data)}"
    if entry != last_entry(connection):
        yield f"the entries differ: {entry} {last_entry(connection)}"


def unlike(hidden: str, missing: str) -> Iterator[str]:
    """The lines that are not the same."""
    lines = zip_longest(hidden.splitlines(), missing.splitlines(), fillvalue="")
    yield from (f"{one!r} is not {other!r}" for one, other in lines if one != other)


def without_noise(answer: TestResponse, code: str) -> str:
    """The body without what differs between any two answers."""
    nonce = answer.headers["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]
    text = re.sub(r'(?<=name="csrf_token" value=")[^"]*|\d{4}-\d\d-\d\d \d\d:\d\d', "", answer.text)
    for noise in (answer.headers["X-Request-Id"], nonce, code):
        text = text.replace(noise, "")
    return text


def headers_of(answer: TestResponse) -> list[tuple[str, str]]:
    """All of them, without the same noise."""
    noise = re.compile(r"'nonce-[\w-]+'|session=[^;]+|^[0-9a-f]{16}$")
    return [(name, noise.sub("", value)) for name, value in answer.headers]


def last_entry(connection: sa.Connection) -> object:
    """What the trail tells of the last act, but for the code that was asked for."""
    return connection.execute(sa.select(*TOLD).order_by(AuditEntry.sequence.desc()).limit(1)).one()
