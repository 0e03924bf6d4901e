"""T1d: fields that no form holds, choices that it does not offer, and forms that stand on somebody else's page.

Whoever sends them gains nothing: no value of them is written, and who is refused is written down.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from portal.security import policy_of
from registry.access.models import Account, Delegation, Position, Role
from registry.audit.models import AuditEntry, Result
from registry.base import Base
from registry.divisions.models import Division
from registry.organisations.models import Organisation
from tests.hostile.again import NOTED_ANYWAY, tables_of, tells_plainly
from tests.hostile.crawling import parsed
from tests.hostile.filling import filling_of
from tests.hostile.forms import KEY, TOKEN, TURN, VERSION, FoundForm, Kind, forms_in
from tests.hostile.fuzzing import nothing_drawn
from tests.hostile.judging import faults_of_answer
from tests.hostile.sending import Submission, answered
from tests.hostile.stage import Stage, Visitor, Writes

ONES_OWN = ("calendar.end",)
"""Ends the sender's own address; whoever has none ends nothing, and nothing may change."""
NUMBER, WORD, DAY = "987654321", "k77z-forged", "2091-07-13"
ABOUT_PEOPLE = (
    "role",
    "roles",
    "division",
    "organisation",
    "account",
    "position",
    "principal",
    "delegate",
    "actor",
)


@dataclass(frozen=True)
class Others:
    """What belongs to somebody else, as forms and addresses name it."""

    codes: tuple[str, ...]

    @classmethod
    def of(cls, stage: Stage, visitor: Visitor) -> "Others":
        """A person, an institution, a position, a delegation and two places that are none of the visitor's."""
        own = sa.select(Account.id).where(Account.username == f"demo-{visitor.name}").scalar_subquery()
        elsewhere = sa.select(Division.code).where(
            ~Division.code.startswith("31"), sa.func.length(Division.code) == 4
        )
        asked = (
            sa.select(Account.code).where(Account.username != f"demo-{visitor.name}"),
            sa.select(Organisation.code),
            sa.select(Position.code).where(Position.account_id != own),
            sa.select(Delegation.code).where(Delegation.delegate_id != own),
            elsewhere,
        )
        found = (stage.session.scalar(one.order_by(sa.desc(sa.text("1"))).limit(1)) for one in asked)
        codes = tuple(code for code in found if code)
        stage.session.commit()
        return cls((*codes, "44", "440106", Role.SECADMIN.value, Role.PROVINCE.value, NUMBER))


@cache
def forged_fields() -> tuple[tuple[str, str], ...]:
    """Every column that there is, with a value of its kind that nobody would write."""
    columns = (column for table in Base.metadata.sorted_tables for column in table.columns)
    named = {column.name: forged(column) for column in columns}
    people = dict.fromkeys(ABOUT_PEOPLE, Role.SECADMIN.value)
    return tuple((named | people | {"division_code": "440106", "role": Role.SECADMIN.value}).items())


def forged(column: sa.Column[Any]) -> str:
    kind = column.type.python_type if not isinstance(column.type, sa.JSON) else dict
    if kind is bool:
        return "true"
    return NUMBER if kind is int else DAY if kind in (date, datetime) else WORD


def faults_of_more_fields(stage: Stage, form: FoundForm) -> Iterator[str]:
    """All of them at once with what the form takes: it does what it does without them."""
    filling = filling_of(stage, form)
    more = [pair for pair in forged_fields() if pair[0] not in form.named]
    plain, _ = effect_of(stage, form, filling.pairs())
    forged, answer = effect_of(stage, form, [*filling.pairs(), *more])
    yield from faults_of_answer(answer)
    yield from gained(plain, forged, {value for _, value in more} - {"true"})
    more_changed = set(tables_of(forged)) - set(tables_of(plain))
    if more_changed:
        yield f"changed {more_changed} more"


def faults_of_other_choices(stage: Stage, form: FoundForm, *, one_in: int = 1) -> tuple[int, list[str]]:
    """What belongs to others in the place of what the form offers or holds by itself; how many were tried."""
    filling, faults, tried = filling_of(stage, form), [], 0
    chosen = [
        one
        for one in form.controls
        if one.kind in (Kind.CHOICE, Kind.HIDDEN) and one.name not in (TOKEN, KEY, VERSION, TURN)
    ]
    if not chosen:
        return 0, []
    plain, _ = effect_of(stage, form, filling.pairs())
    others = Others.of(stage, stage.visitors[form.visitor]).codes
    for place, control in enumerate(chosen):
        for code in set(others[place % one_in :: one_in]) - set(control.choices):
            tried += 1
            writes, answer = effect_of(stage, form, filling.pairs(**{control.name: code}))
            found = (*faults_of_answer(answer), *gained(plain, writes, {code}))
            faults += [f"{control.name}={code}: {fault}" for fault in found]
    return tried, faults


def effect_of(stage: Stage, form: FoundForm, pairs: Sequence[tuple[str, str]]) -> tuple[Writes, Any]:
    """What is written by it, beside what tells that somebody asked; nothing is kept."""
    with nothing_drawn(), stage.trial(), stage.written() as writes:
        answer = answered(stage, form, Submission(list(pairs)))
    return [one for one in writes if next(tables_of([one])) not in NOTED_ANYWAY], answer


def gained(plain: Writes, forged: Writes, values: set[str]) -> Iterator[str]:
    """The values that were written only because they were sent."""
    usual = {str(value) for _, written in plain for value in written}
    for statement, written in forged:
        taken = {str(value) for value in written} & values - usual
        if taken:
            yield f"wrote {taken} with {statement[:80]!r}"


def refusals(
    stage: Stage, form: FoundForm, senders: Iterable[Visitor]
) -> Iterator[tuple[Visitor, list[str]]]:
    """For each of these on whose page the form does not stand: what is wrong with how he is refused."""
    policy = policy_of(stage.app, form.endpoint)
    if policy is None or policy.action is None:
        return
    for visitor in senders:
        if visitor.name != form.visitor and visitor.cookies and not stands_on_page(stage, form, visitor):
            yield visitor, list(faults_of_refusal(stage, form, visitor))


def stands_on_page(stage: Stage, form: FoundForm, visitor: Visitor) -> bool:
    with stage.trial():
        page = stage.ask(visitor, "GET", form.page)
    if page.status_code != 200 or page.mimetype != "text/html":
        return False
    return any(
        url.partition("?")[0] == form.url.partition("?")[0] for _, url, _ in forms_in(parsed(page), form.page)
    )


def faults_of_refusal(stage: Stage, form: FoundForm, visitor: Visitor) -> Iterator[str]:
    """Sent by him with a token of his own."""
    token = (stage.ask(visitor, "GET", "/sign-in/token").json or {}).get("token", "")
    pairs = {**filling_of(stage, form).values, TOKEN: token}
    with stage.trial():
        before = stage.session.scalar(sa.select(sa.func.max(AuditEntry.id))) or 0
        stage.session.commit()
        with stage.written() as writes:
            answer = stage.ask(visitor, form.method, form.url, data=pairs)
        told = stage.session.scalars(sa.select(AuditEntry.result).where(AuditEntry.id > before)).all()
    yield from faults_of_answer(answer)
    # What stands on no page at all leads whoever may see the record back to it.
    is_harmless = (form.endpoint in ONES_OWN or form.is_bare) and answer.status_code == 303
    if (
        answer.status_code not in (401, 403, 404)
        and not is_harmless
        and not (answer.status_code != 303 and tells_plainly(answer))
    ):
        yield f"answered {answer.status_code}"
    changed = set(tables_of(writes)) - set(NOTED_ANYWAY)
    if changed:
        yield f"changed {changed}"
    if answer.status_code in (403, 404) and Result.REFUSED not in told:
        yield "is not written down"
