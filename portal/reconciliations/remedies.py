"""Where a difference is put right: on the page of our record that holds it, or in the file that goes to them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.intake.judging import kind_of
from registry.access.actors import Actor
from registry.access.rules import may, readable
from registry.actions import Action
from registry.organisations.models import Site
from registry.reconciliations.fields import KINDS, Group
from registry.reconciliations.models import (
    CORRECTABLE,
    Corrector,
    Outcome,
    Reconciliation,
    ReconciliationFinding,
    SubjectKind,
)
from registry.workforce.models import Certificate, Education, Post, Practitioner

Rows = dict[tuple[str, str], list[str]]
"""By the public code of a person and a part of the record, the rows that the reader may put right."""

POSTS = "posts"
PAPERS: dict[str, type[Education] | type[Certificate]] = {
    "education": Education,
    "certificates": Certificate,
}
PART_OF = {Group.POST: POSTS, Group.EDUCATION: "education", Group.CERTIFICATE: "certificates"}


@dataclass(frozen=True)
class Remedy:
    """A link to where something is put right."""

    label: str
    url: str


class Remedies:
    """Of the findings of one page, as far as the reader may do it himself."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        run: Reconciliation,
        findings: Sequence[ReconciliationFinding],
        *,
        on: date,
        has_file: bool,
    ) -> None:
        self._actor, self._run, self._has_file = actor, run, has_file
        codes = {one.subject_code for one in findings if one.corrector is Corrector.US and one.subject_code}
        is_people = run.kind is SubjectKind.PRACTITIONERS and may(actor, Action.PRACTITIONER_RECORD)
        self._rows = _rows_of(session, actor, codes, on) if is_people and codes else {}

    def of(self, finding: ReconciliationFinding) -> Remedy | None:
        """None where nobody has to correct it, or the reader cannot."""
        if finding.outcome not in CORRECTABLE or finding.corrector is Corrector.OPEN:
            return None
        if finding.corrector is Corrector.THEM:
            return self._in_their_file(finding)
        if self._run.kind is SubjectKind.SITES:
            return self._by_workbook()
        return self._on_our_page(finding) if may(self._actor, Action.PRACTITIONER_RECORD) else None

    def _in_their_file(self, finding: ReconciliationFinding) -> Remedy | None:
        """Of a part of their list, what only we have is in no file."""
        if not self._has_file or (self._run.seems_partial and finding.outcome is Outcome.ONLY_OURS):
            return None
        kind = "csv" if self._run.format == "csv" else "xlsx"
        url = url_for("reconciliation_files.correction", reconciliation=self._run.code, format=kind)
        return Remedy(_("在更正表中"), url)

    def _by_workbook(self) -> Remedy | None:
        """What no page changes comes with the next workbook."""
        kind = self._run.kind.value
        if not may(self._actor, kind_of(kind).action):
            return None
        return Remedy(_("用工作簿更正"), url_for("intake.upload", kind=kind))

    def _on_our_page(self, finding: ReconciliationFinding) -> Remedy | None:
        if finding.outcome is Outcome.ONLY_THEIRS:
            return Remedy(_("去登记"), url_for("records.new"))
        part = self._part_of(finding)
        if part is None:
            return self._by_workbook()
        rows = self._rows.get((finding.subject_code, part))
        if rows is None:
            return None
        person = finding.subject_code
        if not rows:
            return Remedy(_("去登记"), url_for("records.add", practitioner=person, part=part))
        if len(rows) == 1:
            url = url_for("records.change", practitioner=person, part=part, row=rows[0])
            return Remedy(_("更正我方记录"), url)
        url = url_for("practitioners.show", practitioner=person, _anchor=part)
        return Remedy(_("更正我方记录"), url)

    def _part_of(self, finding: ReconciliationFinding) -> str | None:
        """Whether somebody is in post is said by his posts."""
        if finding.field in ("", "in_post"):
            return POSTS
        return PART_OF.get(KINDS[self._run.kind].field(finding.field).group)


def _rows_of(session: Session, actor: Actor, codes: set[str], on: date) -> Rows:
    """An institution puts its own posts right, and papers only of whoever works there still."""
    posts = (
        sa.select(Practitioner.code, Post.code, Post.end_on)
        .join(Post, Post.practitioner_id == Practitioner.id)
        .join(Site, Site.id == Post.site_id)
        .where(Practitioner.code.in_(codes), readable(Site, actor, Action.PRACTITIONER_RECORD))
        .order_by(Post.start_on, Post.id)
    )
    rows: Rows = defaultdict(list)
    writable: set[str] = set()
    for person, post, end_on in session.execute(posts):
        rows[person, POSTS].append(post)
        if actor.organisation_id is None or end_on is None or end_on > on:
            writable.add(person)
    rows.update({(person, part): [] for person in writable for part in PAPERS})
    for part, model in PAPERS.items():
        papers = (
            sa.select(Practitioner.code, model.code)
            .join(model, model.practitioner_id == Practitioner.id)
            .where(Practitioner.code.in_(writable))
            .order_by(model.id)
        )
        for person, paper in session.execute(papers):
            rows[person, part].append(paper)
    return dict(rows)
