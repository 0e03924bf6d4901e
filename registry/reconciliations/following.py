"""What becomes of findings from one comparison to the next: told still, corrected, or another difference by now."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.parsing import CellProblem
from registry.reconciliations.comparing import Comparison, Found
from registry.reconciliations.fields import KINDS
from registry.reconciliations.models import Outcome, Progress, Reconciliation, ReconciliationFinding
from registry.reconciliations.queries import reported_before, same_matter
from registry.reconciliations.readings import Surroundings

Mark = dict[str, Any]
"""What was said of a matter: columns of a finding."""

Finding = ReconciliationFinding


def marks_of(session: Session, run: Reconciliation, found: Comparison) -> dict[str, Mark]:
    """What was said of this very file before it is compared once more: it stays.

    Not that something was corrected, where both sides say otherwise by now: that is another difference.
    """
    said = sa.select(Finding).where(Finding.reconciliation_id == run.id, Finding.progress != Progress.NEW)
    now = {one.matter: one for one in found.findings}
    return {
        one.matter: _mark(one, one.progress)
        for one in session.scalars(said)
        if one.progress is not Progress.CORRECTED or _is_same(one, now.get(one.matter))
    }


def _is_same(one: ReconciliationFinding, now: Found | None) -> bool:
    return now is not None and now.ours == one.ours


def _mark(one: ReconciliationFinding, progress: Progress) -> Mark:
    return {
        "progress": progress,
        "reported_at": one.reported_at,
        "reported_by": one.reported_by,
        "corrected_at": one.corrected_at,
    }


def followed_up(
    session: Session, run: Reconciliation, found: Comparison, around: Surroundings, at: datetime
) -> dict[str, Mark]:
    """已报未改 goes on with its first report; what is no difference any more becomes 已改 where it was reported.

    So does what they changed as they were asked to, though our record says something else since: that begins anew.
    """
    by_matter = {one.matter: one for one in found.findings}
    marks: dict[str, Mark] = {}
    for one in reported_before(session, run):
        now = by_matter.get(found.also_known.get(one.matter, one.matter))
        if now is not None and not _is_done_as_asked(one, now, run, around):
            marks.setdefault(now.matter, _mark(one, Progress.UNCHANGED))
        elif now is not None or one.matter in found.settled or _is_struck_off(one, found):
            one.progress, one.corrected_at = Progress.CORRECTED, at
    return marks


def _is_done_as_asked(
    one: ReconciliationFinding, now: Found, run: Reconciliation, around: Surroundings
) -> bool:
    """They write by now what they were told to."""
    if not (one.field and one.ours and now.theirs):
        return False
    field = KINDS[run.kind].field(one.field)
    if field.is_sealed:
        return False
    try:
        asked, written = (field.reading.theirs(text, around, field.key) for text in (one.ours, now.theirs))
    except CellProblem:
        return False
    return bool(asked == written)


def _is_struck_off(one: ReconciliationFinding, found: Comparison) -> bool:
    """They have somebody no more whom we do not have; a list of fewer than half the rows says nothing of that."""
    return one.outcome is Outcome.ONLY_THEIRS and 2 * found.rows >= one.reconciliation.rows


def take_back_corrected(session: Session, run: Reconciliation) -> None:
    """Columns that were named wrongly showed nothing corrected: it is told, as it was before this file was read."""
    if run.compared_at is None:
        return
    shown = (
        sa.select(Finding)
        .join(Finding.reconciliation)
        .where(same_matter(run), Finding.corrected_at == run.compared_at)
    )
    for one in session.scalars(shown):
        is_first = one.reported_at is not None and one.reported_at >= one.reconciliation.at
        one.progress = Progress.REPORTED if is_first else Progress.UNCHANGED
        one.corrected_at = None
