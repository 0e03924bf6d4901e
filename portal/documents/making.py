"""From a question to the bytes of a document: the same for the button, the command and the job."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from portal.figures.asking import Asked, read_choice
from portal.settings import Settings
from portal.translating import catalogue
from registry.access.actors import Actor
from registry.access.rules import authorize
from registry.actions import Action
from registry.divisions.models import Division
from registry.documents.models import (
    Annex,
    DocumentFormat,
    DocumentKind,
    Printed,
    PrintedPart,
    Question,
)
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.vocabulary import term
from reports.documents.briefing import Briefing, build, institutions_of, people_of
from reports.documents.briefing_paper import briefing_paper
from reports.documents.paper import Paper
from reports.documents.speech import Speech
from reports.figures.definitions import figure
from reports.figures.readings import Part, Reading
from reports.figures.wording import percent_text

if TYPE_CHECKING:
    from reports.documents.pictures import Maps

LONGEST_AT_ONCE = 10
"""Pages; what is longer is made by a job."""
PAGES_OF_TEXT, LINES_OF_TABLE, LINES_OF_LIST = 5, 30, 15
SECONDS_OF_START, SECONDS_OF_PAGE = 4, 0.3

MIME_TYPES = {
    DocumentFormat.PDF: "application/pdf",
    DocumentFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class Made:
    """A finished document."""

    data: bytes
    printed: Printed


def question_of(asked: Asked, typed: Mapping[str, str], *, locale: str) -> Question:
    """What a form or a command asks for; InvalidInput for a day to come or a choice that is not offered."""
    if not asked.figure.is_share:
        sentence = N_("指标“%(code)s”不是占比，不出具工作简报；请改选占比类指标。")
        raise InvalidInput("figure", message(sentence, code=asked.figure.code))
    if asked.on > asked.today:
        sentence = N_("统计日期%(value)s在今天之后，还没有数据可出具文件；请改为%(today)s或更早的日期。")
        places = {"value": asked.on.isoformat(), "today": asked.today.isoformat()}
        raise InvalidInput("on", message(sentence, **places))
    return Question(
        kind=DocumentKind.BRIEFING,
        figure_code=asked.figure.code,
        rule=asked.rule.code,
        division_code=asked.division,
        place_name="",
        on=asked.on,
        basis=asked.basis,
        annex=read_choice(Annex, typed.get("annex", ""), "annex") or Annex.NONE,
        format=read_choice(DocumentFormat, typed.get("format", ""), "format") or DocumentFormat.DOCX,
        locale=locale,
    )


def refuse_people_beyond(actor: Actor, question: Question) -> None:
    """NotAllowed where the paper would list people whom the actor may not take along as a file either."""
    if question.annex is Annex.PEOPLE:
        place = Division(code=question.division_code)
        authorize(actor, Action.PRACTITIONER_EXPORT, place, see=Action.DOCUMENT_SEE)


def read_briefing(session: Session, question: Question, *, at: datetime) -> Briefing:
    """What the document speaks of, without its list."""
    asked_figure = figure(question.figure_code)
    return build(
        session,
        asked_figure,
        division=question.division_code,
        on=question.on,
        rule=asked_figure.rule(question.rule),
        basis=question.basis,
        at=at,
    )


def with_list(session: Session, briefing: Briefing, annex: Annex) -> Briefing:
    """The same with the list that is asked for at its end."""
    if annex is Annex.INSTITUTIONS:
        return replace(briefing, institutions=tuple(institutions_of(session, briefing)))
    if annex is Annex.PEOPLE:
        return replace(briefing, people=tuple(people_of(session, briefing)))
    return briefing


def expected_pages(briefing: Briefing, annex: Annex) -> int:
    """How long it will be, from what is known before the list is read."""
    pages = PAGES_OF_TEXT + len(briefing.reading.parts) // LINES_OF_TABLE
    listed = {
        Annex.NONE: 0,
        Annex.INSTITUTIONS: briefing.reading.institutions.listed,
        Annex.PEOPLE: briefing.share.denominator + briefing.reading.institutions.listed,
    }
    return pages + listed[annex] // LINES_OF_LIST


def expected_seconds(pages: int) -> int:
    """How long that takes, roughly."""
    return round(SECONDS_OF_START + pages * SECONDS_OF_PAGE)


def make(briefing: Briefing, question: Question, *, code: str, settings: Settings) -> Made:
    """Laid out, with its check code in it; CannotIssue where Chinese fonts are missing."""
    say = Speech(catalogue(question.locale), question.locale)
    paper = briefing_paper(
        briefing, code=code, check_url=check_url(settings, code), maps=maps_of(settings), say=say
    )
    data = laid_out(paper, question.format, say)
    return Made(data, printed_of(briefing.reading, data))


def laid_out(paper: Paper, wanted: DocumentFormat, say: Speech) -> bytes:
    """The paper in one format; each library is loaded when it is needed."""
    if wanted is DocumentFormat.PDF:
        from reports.documents.pdf import to_pdf

        return to_pdf(paper, say)
    from reports.documents.docx import to_docx

    return to_docx(paper, say)


def printed_of(reading: Reading, data: bytes) -> Printed:
    """What becomes part of the record."""
    return Printed(
        numerator=reading.share.numerator,
        denominator=reading.share.denominator,
        percent=percent_text(reading.share),
        parts=[printed_part(part) for part in reading.parts],
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
    )


def printed_part(part: Part) -> PrintedPart:
    """A line of the table; what lies in none of the parts has no name."""
    return PrintedPart(part.code, part.name, part.share.numerator, part.share.denominator)


def check_url(settings: Settings, code: str) -> str:
    """Where a reader of the paper can check it."""
    return f"{settings.public_url}/check/{code}" if settings.public_url else ""


def maps_of(settings: Settings) -> "Maps":
    """Boundaries of this installation."""
    from reports.coverage.atlas import Atlas  # geometry is read where a map is drawn
    from reports.documents.pictures import Maps

    return Maps(Atlas(settings.home), settings.map_approval)


def file_title(question: Question) -> str:
    """The name under which a browser saves it, whenever it is fetched: two figures of one day are two names."""
    say = Speech(catalogue(question.locale), question.locale)
    kind, place = say.word(term(question.kind)), question.place_name or say(N_("全国"))
    if question.kind is not DocumentKind.BRIEFING:
        return "-".join((kind, place, question.on.isoformat()))
    return "-".join((kind, place, say(figure(question.figure_code).title), question.on.isoformat()))
