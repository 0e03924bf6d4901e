"""From what was read to the bytes of a paper or a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.documents.making import Made, check_url, laid_out, maps_of, printed_of
from portal.figures.exporting import cells_of_person, people_headers
from portal.figures.people import rows_as_seen
from portal.settings import Settings
from registry.access.actors import Actor
from registry.access.exports import Purpose, TakenAlong, record_people_export
from registry.audit.trail import Trail
from registry.documents.models import DocumentKind, Question
from registry.messages import N_
from reports.documents.one_page_paper import one_page_paper
from reports.documents.pack_paper import pack_paper
from reports.documents.speech import Speech
from reports.profiles.lines import gap_sentences, lines
from reports.profiles.lists import lists_of, missing_list
from reports.profiles.pack import Pack
from reports.workbooks.exporting import Watermark
from reports.workbooks.several import Sheet, workbook_of

EVEN = 12.0
"""Percent of the width of a column of people."""


@dataclass(frozen=True)
class Taking:
    """Somebody who takes people along, and what he answers for."""

    actor: Actor
    at: datetime
    trail: Trail
    purpose: Purpose
    taken: TakenAlong

    def record(self, session: Session) -> None:
        """The entry; refused above the cap and beyond the day's number."""
        record_people_export(
            session, self.taken, self.purpose, actor=self.actor, at=self.at, trail=self.trail
        )

    def about(self, reason: str) -> list[tuple[str, str]]:
        """What the workbook says of it."""
        return [(_("导出用途"), reason), (_("具体用途"), self.purpose.note)]

    def words(self, say: Speech) -> str:
        """What the paper says of it."""
        sentence = N_("由%(name)s（%(username)s）为“%(note)s”出具，含个人信息，仅限该用途使用，不得转发。")
        return say(sentence, name=self.actor.name, username=self.actor.username, note=self.purpose.note)


def made(
    pack: Pack, question: Question, *, code: str, settings: Settings, say: Speech, taking: Taking | None
) -> Made:
    """Laid out, with its check code in it."""
    places = {"code": code, "check_url": check_url(settings, code), "maps": maps_of(settings), "say": say}
    if question.kind is DocumentKind.ONE_PAGE:
        paper = one_page_paper(pack.page, **places)  # type: ignore[arg-type]  # the same places for both
    else:
        taken = taking.words(say) if taking else ""
        paper = pack_paper(pack, taken=taken, **places)  # type: ignore[arg-type]  # as above
    data = laid_out(paper, question.format, say)
    return Made(data, printed_of(pack.page.reading, data))


def workbook(
    pack: Pack,
    about: Sequence[tuple[str, str]],
    say: Speech,
    *,
    mark: Watermark | None = None,
    session: Session | None = None,
    actor: Actor | None = None,
) -> bytes:
    """The lists, one a sheet; people only where it is said who takes them, with names as he may see them."""
    first = [
        (listed.title, [(head.label, head.share) for head in listed.heads], listed.rows)
        for listed in (missing_list(gap_sentences(pack.page, say), say), *lists_of(pack, say))
    ]
    facts: Sheet = (
        _("一页纸"),
        [(_("项目"), 15), (_("内容"), 85)],
        [(line.label, line.text) for line in lines(pack.page, say)],
    )
    sheets = [first[0], facts, *first[1:]]
    if session is not None and actor is not None and pack.people:
        rows = [cells_of_person(one) for one in rows_as_seen(session, pack.people, actor)]
        sheets.append((_("从业人员"), [(head, EVEN) for head in people_headers()], rows))
    return workbook_of(sheets, about=about, gettext=say.gettext, mark=mark)
