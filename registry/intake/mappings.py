"""对应列: which heads of a foreign table fill which of our columns, guessed from the words and remembered once said.

What is remembered belongs to the organisation, or to the division where nobody's organisation is meant. The kind is a
plain word, so that whatever reads foreign tables may keep its own: a kind of workbook, or a purpose.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.errors import InvalidInput, StaleVersion
from registry.intake.columns import Headed, folded_head, matched, names_of, unknown_heads
from registry.intake.declaration import WorkbookKind
from registry.intake.models import ColumnMapping
from registry.intake.preview import Preview
from registry.intake.tables import RawTable
from registry.messages import N_, message

ALIKE = 0.55
"""Below this likeness of two words a suggestion would be wrong more often than right."""

LONGEST_HEAD = 200


class Likeness(StrEnum):
    """Why a head is thought to fill a column."""

    EXACT = "exact"
    """It is one of the column's names."""
    SIMILAR = "similar"
    """It looks like one of them: somebody should look."""


class Suggestion(NamedTuple):
    """The column that a head seems to fill."""

    key: str
    likeness: Likeness


def fingerprint(headers: Sequence[str]) -> str:
    """One for all tables with the same heads, in whatever order they stand."""
    heads = sorted(folded_head(head) for head in headers if head)
    return sha256("\x1f".join(heads).encode()).hexdigest()


def heads_of(columns: Mapping[str, str], headers: Sequence[str]) -> dict[str, str]:
    """Column to head, as this table writes its heads; a head that it has no more is left out."""
    written = {folded_head(head): head for head in reversed(headers)} | {head: head for head in headers}
    found = {key: written.get(head, written.get(folded_head(head))) for key, head in columns.items()}
    return {key: head for key, head in found.items() if head}


def suggestions(columns: Sequence[Headed], headers: Sequence[str]) -> dict[str, Suggestion]:
    """Head to column, each column at most once: exact names first, then the most alike."""
    found: dict[str, Suggestion] = {}
    likes = sorted(_likes(columns, headers), reverse=True)
    for likeness, place, key in likes:
        head = headers[-place]
        if head not in found and key not in {one.key for one in found.values()}:
            found[head] = Suggestion(key, Likeness.EXACT if likeness >= 1 else Likeness.SIMILAR)
    return found


def _likes(columns: Sequence[Headed], headers: Sequence[str]) -> list[tuple[float, int, str]]:
    """Likeness, place (negative, so that of equals the first comes first) and column."""
    return [
        (likeness, -place, column.key)
        for place, head in enumerate(headers)
        for column in columns
        if head and (likeness := _likeness(head, column)) >= ALIKE
    ]


def _likeness(head: str, column: Headed) -> float:
    """1 for a name of the column; a name inside the head, or the head inside a name, counts as two thirds at least."""
    folded = folded_head(head)
    return max(_ratio(folded, folded_head(name)) for name in names_of(column))


def _ratio(head: str, name: str) -> float:
    if head == name:
        return 1.0
    ratio = min(0.99, difflib.SequenceMatcher(None, head, name, autojunk=False).ratio())
    inside = min(len(head), len(name)) > 1 and (head in name or name in head)
    return max(ratio, 2 / 3) if inside else ratio


def mapping_of(session: Session, actor: Actor, *, kind: str, headers: Sequence[str]) -> ColumnMapping | None:
    """What the actor's organisation, or his division, remembers of a table with these heads."""
    own = _remembered(actor, kind).where(ColumnMapping.fingerprint == fingerprint(headers))
    return session.scalars(own.order_by(ColumnMapping.id.desc()).limit(1)).one_or_none()


def nearest_mapping(
    session: Session, actor: Actor, *, kind: str, headers: Sequence[str]
) -> ColumnMapping | None:
    """The same, else what was said last of other heads: where one system writes, words keep their meaning."""
    latest = _remembered(actor, kind).order_by(ColumnMapping.at.desc(), ColumnMapping.id.desc()).limit(1)
    exact = mapping_of(session, actor, kind=kind, headers=headers)
    return exact or session.scalars(latest).one_or_none()


def _remembered(actor: Actor, kind: str) -> sa.Select[ColumnMapping]:
    if actor.organisation_id is None:
        is_own = sa.and_(
            ColumnMapping.organisation_id.is_(None), ColumnMapping.division_code == actor.division_code
        )
    else:
        is_own = ColumnMapping.organisation_id == actor.organisation_id
    return sa.select(ColumnMapping).where(ColumnMapping.kind == kind, is_own)


def as_mapped(session: Session, kind: WorkbookKind[Any], table: RawTable, actor: Actor) -> RawTable:
    """The table as what is remembered of its heads has it read; one of our own templates is read by its heads."""
    mapping = None if table.template else mapping_of(session, actor, kind=kind.code, headers=table.headers)
    if mapping is None:
        return table
    return replace(table, mapping=heads_of(mapping.columns, table.headers), words=mapping.words)


def wants_mapping(kind: WorkbookKind[Any], table: RawTable) -> bool:
    """Whether somebody should say which heads fill which columns: one is missing, or one of theirs is unknown."""
    if table.template or table.mapping is not None:
        return False
    found = matched(kind, table.headers)
    missing = any(column.required and column.key not in found for column in kind.columns)
    return missing or bool(unknown_heads(kind, table.headers))


def is_kept_to_be_mapped(found: Preview) -> bool:
    """A table that nothing of can be read yet: the numbers in it may stand where they belong once it is mapped."""
    return not found.judged and wants_mapping(found.kind, found.table)


def remember(
    session: Session,
    *,
    kind: str,
    headers: Sequence[str],
    columns: Mapping[str, str],
    words: Mapping[str, Mapping[str, str]] | None = None,
    seen: int | None = 0,
    action: Action = Action.INTAKE_RUN,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> ColumnMapping:
    """Keep which head fills which column; `seen` is the version that the page showed, 0 for none.

    StaleVersion where a colleague said something else in between; without `seen` the last word holds.
    """
    check_heads(headers, columns)
    mapping = mapping_of(session, actor, kind=kind, headers=headers)
    meant = {key: dict(said) for key, said in (words or {}).items()}
    if mapping is not None and (mapping.columns, mapping.words) == (dict(columns), meant):
        return mapping  # whoever says the same contradicts nobody, and changes nothing
    if seen is not None and seen != (mapping.version if mapping else 0):
        raise StaleVersion
    if mapping is None:
        mapping = ColumnMapping(
            kind=kind,
            fingerprint=fingerprint(headers),
            division_code=actor.division_code,
            organisation_id=actor.organisation_id,
        )
        session.add(mapping)
    mapping.columns, mapping.words = dict(columns), meant
    mapping.actor_code, mapping.actor_name, mapping.at = actor.code, actor.name, at
    session.flush()  # flush: the public code comes with the row
    _record(session, mapping, "remembered", action, actor=actor, at=at, trail=trail)
    return mapping


def forget(session: Session, mapping: ColumnMapping, *, actor: Actor, at: datetime, trail: Trail) -> None:
    """From now on a table with these heads is asked about again."""
    _record(session, mapping, "forgotten", Action.INTAKE_RUN, actor=actor, at=at, trail=trail)
    session.delete(mapping)
    session.flush()


def check_heads(headers: Sequence[str], columns: Mapping[str, str]) -> None:
    """InvalidInput where a head is none of the table's, or fills two columns."""
    filled: dict[str, str] = {}
    for key, head in columns.items():
        if head not in headers or not head or len(head) > LONGEST_HEAD:
            raise InvalidInput(
                key, message(N_("文件里没有“%(head)s”这一列，请重新选择。"), head=head[:LONGEST_HEAD])
            )
        if head in filled:
            raise InvalidInput(
                key, message(N_("“%(head)s”已对应另一列，一列只能对应一次。"), head=head[:LONGEST_HEAD])
            )
        filled[head] = key


def _record(
    session: Session,
    mapping: ColumnMapping,
    what: str,
    action: Action,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> None:
    """Which columns, never the heads: somebody may have typed anything there."""
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=action,
        result=Result.DONE,
        subject_type=ColumnMapping.__tablename__,
        subject_code=mapping.code,
        division_code=actor.division_code,
        facts={"kind": mapping.kind, "what": what, "columns": sorted(mapping.columns)},
    )
