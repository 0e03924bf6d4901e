"""Reads of the list of majors, of the history of one entry, and of the proposals to change it."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from registry.access.actors import Actor
from registry.access.rules import readable
from registry.actions import Action
from registry.listing import ON, Column, Listing, enum_filter, facet_filter, facet_value, text_filter
from registry.majors.models import MajorChange, MajorChangeLine, MajorChangeState
from registry.messages import N_
from registry.policy.models import Grade
from registry.workforce.models import Catalogue, Major, MajorFamily

IN_HAND = (MajorChangeState.DRAFT, MajorChangeState.SUBMITTED, MajorChangeState.RETURNED)
WHOLE = (selectinload(MajorChange.lines), joinedload(MajorChange.proposed_by))
"""What a page about a proposal names."""


class Counting(StrEnum):
    """Whether a major counts for the share."""

    YES = "yes"
    NO = "no"


class InForce(StrEnum):
    """How an entry of the list stands on the day."""

    NOW = "now"
    LATER = "later"
    OVER = "over"


HAS_BEGUN = Major.valid_from <= ON
HAS_NOT_ENDED = sa.or_(Major.valid_to.is_(None), Major.valid_to > ON)
IN_FORCE = {
    InForce.NOW: sa.and_(HAS_BEGUN, HAS_NOT_ENDED),
    InForce.LATER: Major.valid_from > ON,
    InForce.OVER: sa.not_(HAS_NOT_ENDED),
}
COUNTING = {Counting.YES: Major.counts.is_(True), Counting.NO: Major.counts.is_(False)}

MAJORS = Listing(
    key="majors",
    model=Major,
    columns=(
        Column("catalogue", N_("目录"), Major.catalogue, order=(Major.catalogue, Major.code)),
        Column("code", N_("专业代码"), Major.code, order=(Major.code,)),
        Column("name", N_("专业名称"), Major.name, order=(Major.name,)),
        Column("family", N_("类别"), Major.family, order=(Major.family, Major.code)),
        Column("counts", N_("是否计入"), facet_value(COUNTING), order=(Major.counts,)),
        Column("in_force", N_("状态"), facet_value(IN_FORCE)),
        Column("valid_from", N_("生效日期"), Major.valid_from, order=(Major.valid_from,)),
        Column("valid_to", N_("终止日期"), Major.valid_to, order=(Major.valid_to,)),
        Column("grade", N_("依据等级"), Major.grade),
        Column("source", N_("依据"), Major.source),
        Column("approved_by", N_("发布人"), Major.approved_by),
        Column("note", N_("备注"), Major.note),
    ),
    filters=(
        facet_filter("in-force", N_("状态"), IN_FORCE),
        facet_filter("counts", N_("是否计入"), COUNTING),
        enum_filter("family", N_("类别"), Major.family, MajorFamily),
        enum_filter("catalogue", N_("目录"), Major.catalogue, Catalogue),
        enum_filter("grade", N_("依据等级"), Major.grade, Grade),
        text_filter("q", N_("名称、代码或备注"), Major.name, Major.code, Major.note),
    ),
    default_sort="family",
)
"""专业目录: one row for each period of each major."""


def history_of(session: Session, catalogue: Catalogue, code: str) -> list[Major]:
    """Every entry of one major, the newest first; empty where there never was one."""
    own = sa.select(Major).where(Major.catalogue == catalogue, Major.code == code)
    return list(session.scalars(own.order_by(Major.valid_from.desc())))


def majors_on(session: Session, on: date) -> list[Major]:
    """The list of a day, by family."""
    in_force = sa.select(Major).where(
        Major.valid_from <= on, sa.or_(Major.valid_to.is_(None), Major.valid_to > on)
    )
    return list(session.scalars(in_force.order_by(Major.family, Major.catalogue, Major.code)))


def changes(session: Session, actor: Actor, states: Collection[MajorChangeState]) -> list[MajorChange]:
    """The proposals in these states that the actor may know of, the newest first."""
    seen = readable(MajorChange, actor, Action.MAJOR_CHANGE_SEE)
    found = sa.select(MajorChange).where(seen, MajorChange.state.in_(states)).options(*WHOLE)
    return list(session.scalars(found.order_by(MajorChange.id.desc())))


def changes_of(session: Session, actor: Actor, catalogue: Catalogue, code: str) -> list[MajorChange]:
    """The proposals that speak of one major, of those that the actor may know of."""
    seen = readable(MajorChange, actor, Action.MAJOR_CHANGE_SEE)
    speaks = MajorChange.lines.any(
        sa.and_(MajorChangeLine.catalogue == catalogue, MajorChangeLine.code == code)
    )
    found = sa.select(MajorChange).where(seen, speaks).options(*WHOLE).order_by(MajorChange.id.desc())
    return list(session.scalars(found))


def change_by_id(session: Session, key: int) -> MajorChange | None:
    """One proposal by its integer key, which the history holds."""
    return session.scalar(sa.select(MajorChange).where(MajorChange.id == key).options(*WHOLE))
