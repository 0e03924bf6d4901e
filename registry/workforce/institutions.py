"""The list of institutions with their staff: how many, how many qualified, and what that says to the target.

The facts counted are those of counting.py, by the default rule; the verdict is judged in the database with integers,
so that the list can be cut by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from registry.divisions.codes import NATION
from registry.listing import ON, Batch, Filter, Statement
from registry.messages import N_
from registry.organisations.models import Organisation, Site, SitePlacement, Standing
from registry.organisations.queries import ORGANISATIONS
from registry.policy.models import Target
from registry.workforce.counting import (
    POSTS,
    PROVIDER_SITES,
    QUALIFYING_DIPLOMA,
    STAFF_CONDITIONS,
    StaffRule,
)
from registry.workforce.facets import ShareState
from registry.workforce.models import Post

FIGURE_CODE = "qualified-share"

NO_SHARE = (None, None, None, None, None)
"""An organisation that is no listed provider on the day has no staff to speak of."""


@dataclass(frozen=True)
class _Counts:
    """One row per organisation with a place that is counted on the day."""

    on: date

    def rows(self, condition: ColumnElement[bool]) -> sa.Subquery:
        """Organisation, the division whose target it is held to, staff and qualified staff: each person once.

        The seat is that of its site with the lowest code, as in the ledger and on the page of the figure.
        """
        is_staff = sa.and_(Post.site_id == Site.id, POSTS.on(self.on), STAFF_CONDITIONS[StaffRule.ASSIGNED])
        person = Post.practitioner_id
        qualified = sa.case((QUALIFYING_DIPLOMA.is_held_by(person, self.on), person))
        return (
            sa.select(
                Site.organisation_id.label("id"),
                sa.func.min(SitePlacement.today_code).label("seat"),
                sa.func.count(person.distinct()).label("staff"),
                sa.func.count(qualified.distinct()).label("qualified"),
            )
            .select_from(PROVIDER_SITES.source.outerjoin(Post, is_staff))
            .where(PROVIDER_SITES.on(self.on), condition)
            .group_by(Site.organisation_id)
            .subquery()
        )


def _target(part: str, counts: sa.Subquery) -> ColumnElement[int]:
    """The numerator or denominator of the target in force: the nearest place wins, then the latest."""
    own = sa.func.substr(counts.c.seat, 1, sa.func.length(Target.division_code))
    return (
        sa.select(Target.__table__.c[part])
        .where(
            Target.figure_code == FIGURE_CODE,
            Target.valid_from <= ON,
            sa.or_(Target.division_code == NATION, Target.division_code == own),
        )
        .order_by(sa.func.length(Target.division_code).desc(), Target.valid_from.desc())
        .limit(1)
        .correlate(counts)
        .scalar_subquery()
    )


def _targets(counts: sa.Subquery) -> tuple[ColumnElement[int], ColumnElement[int]]:
    return _target("numerator", counts), _target("denominator", counts)


def _is(state: ShareState, counts: sa.Subquery) -> ColumnElement[bool]:
    """The verdict on one row of counts: met where q·N ≥ p·D; an unknown target compares to nothing."""
    if state is ShareState.NOT_APPLICABLE:
        return counts.c.staff == 0
    numerator, denominator = _targets(counts)
    needed, held = numerator * counts.c.staff, denominator * counts.c.qualified
    reached = held >= needed if state is ShareState.MET else held < needed
    return sa.and_(counts.c.staff > 0, reached)


def _share_is(state: ShareState, on: date) -> ColumnElement[bool]:
    counts = _Counts(on).rows(sa.true())
    return Organisation.id.in_(sa.select(counts.c.id).where(_is(state, counts)).correlate(None))


def load_shares(session: Session, ids: Sequence[int], on: date) -> dict[int, tuple[Any, ...]]:
    """Staff, qualified staff, the share, the target, and the verdict of each organisation."""
    rows = session.execute(_shares_on(on), {"ids": ids, "on": on})
    found = {key: _with_verdict(*facts) for key, *facts in rows}
    return {key: found.get(key, NO_SHARE) for key in ids}


@lru_cache(maxsize=16)
def _shares_on(on: date) -> Statement:
    """Built once a day: putting it together costs more than running it for a page."""
    ids: sa.BindParameter[list[int]] = sa.bindparam("ids", expanding=True)
    # Said of both tables, so that a page of a long list does not walk through every standing there is.
    counts = _Counts(on).rows(sa.and_(Site.organisation_id.in_(ids), Standing.organisation_id.in_(ids)))
    return sa.select(counts.c.id, counts.c.staff, counts.c.qualified, *_targets(counts))


@lru_cache(maxsize=4096)
def _with_verdict(staff: int, qualified: int, p: int | None, q: int | None) -> tuple[Any, ...]:
    share = Fraction(qualified, staff) if staff else None
    target = Fraction(p, q) if p is not None and q is not None else None
    return staff, qualified, share, target, _state(share, target)


def _state(share: Fraction | None, target: Fraction | None) -> ShareState | None:
    if share is None:
        return ShareState.NOT_APPLICABLE
    if target is None:
        return None
    return ShareState.MET if share >= target else ShareState.NOT_MET


PROVIDERS = ORGANISATIONS.with_batches(
    Batch(
        (
            ("staff", N_("从业人员")),
            ("qualified", N_("其中相关专业学历")),
            ("share", N_("相关专业学历占比")),
            ("target", N_("目标")),
            ("share_state", N_("达标情况")),
        ),
        load_shares,
    )
).with_filters(Filter("share", N_("学历占比"), parse=ShareState, clause=_share_is, choices=tuple(ShareState)))
"""机构 with the share of qualified staff on the day, by the default counting rule."""
