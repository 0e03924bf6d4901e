"""`/documents`: briefings by button, the progress of long ones, and one's own files for 30 days."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import jobs
from portal.documents.checking import organisation_of
from portal.documents.files import IssuedFiles
from portal.documents.issuing import Issuer
from portal.documents.making import (
    LONGEST_AT_ONCE,
    MIME_TYPES,
    expected_pages,
    file_title,
    question_of,
    read_briefing,
    refuse_people_beyond,
)
from portal.documents.views import document_view
from portal.extensions import begin_writing, db
from portal.figures.asking import ask
from portal.formatting import language
from portal.htmx import render_page
from portal.security import allowed, current_actor, current_trail
from portal.settings import Settings
from registry.access.actors import Actor
from registry.access.rules import authorize
from registry.actions import Action
from registry.clock import today, utc_now
from registry.divisions.models import Division
from registry.documents.models import Annex, DocumentKind, DocumentState, IssuedDocument, Question
from registry.documents.operations import ask_for_document, fetch_document
from registry.documents.queries import is_past_keeping, own_documents
from registry.errors import FileNotKept, NotAllowed
from registry.messages import N_, message

bp = Blueprint("documents", __name__, url_prefix="/documents")

DEFAULT_FIGURE = "qualified-share"


@bp.get("/")
@allowed(Action.DOCUMENT_SEE)
def index() -> ResponseReturnValue:
    now = utc_now()
    documents = own_documents(db.session(), current_actor(), at=now)
    views = [document_view(document, at=now, files=files(), settings=settings()) for document in documents]
    return render_page("documents/index.html", views=views)


@bp.post("/briefing")
@allowed(Action.DOCUMENT_ISSUE)
def briefing() -> ResponseReturnValue:
    session, actor, now = db.session(), current_actor(), utc_now()
    code = request.form.get("figure", "") or DEFAULT_FIGURE
    asked = ask(request.form, code=code, actor=actor, session=session, today=today(now))
    authorize(actor, Action.DOCUMENT_ISSUE, Division(code=asked.division))
    question = question_of(asked, request.form, locale=language())
    refuse_people_beyond(actor, question)
    spoken = read_briefing(session, question, at=now)
    question = replace(question, place_name=spoken.place)
    pages = expected_pages(spoken, question.annex)
    if pages > LONGEST_AT_ONCE:
        return _given_to_a_worker(question, pages)
    issuer = Issuer(actor, now, settings(), current_trail())
    issued = issuer.issue(session, question, briefing=spoken)
    return _attached(issued.data, question)


@bp.get("/<code:issued_document>")
@allowed(Action.DOCUMENT_SEE, on=IssuedDocument)
def show(issued_document: IssuedDocument) -> ResponseReturnValue:
    view = document_view(issued_document, at=utc_now(), files=files(), settings=settings())
    return render_page("documents/show.html", fragment="documents/_progress.html", view=view)


@bp.get("/<code:issued_document>/file")
@allowed(Action.DOCUMENT_SEE, on=IssuedDocument)
def file(issued_document: IssuedDocument) -> ResponseReturnValue:
    now, question = utc_now(), issued_document.question
    refuse_people_beyond(current_actor(), question)
    refuse_others_pages(db.session(), current_actor(), issued_document)
    data = kept_bytes(issued_document, at=now)
    begin_writing()
    session = db.session()
    document = session.get_one(IssuedDocument, issued_document.id)
    fetch_document(session, document, actor=current_actor(), at=now, trail=current_trail())
    session.commit()
    return _attached(data, question)


def kept_bytes(document: IssuedDocument, *, at: datetime) -> bytes:
    """The file as it was issued; FileNotKept where it is not made yet or past its 30 days, still on the disk or not."""
    if document.state is not DocumentState.DONE:
        raise FileNotKept(message(N_("这个文件还没有出具，不能下载；请在“我的文件”中查看进度。")))
    data = None if is_past_keeping(document, at) else files().read(document)
    if data is None:
        sentence = N_(
            "这个文件已过30天保留期，不再提供下载；请在指标页重新出具。核验页仍可查到它印出的数字。"
        )
        raise FileNotKept(message(sentence))
    return data


def refuse_others_pages(session: Session, actor: Actor, document: IssuedDocument) -> None:
    """Inspections stand on a one-page view; the people of a pack were taken along by one who answered for it."""
    if document.kind is DocumentKind.BRIEFING:
        return
    about = organisation_of(session, document) or Division(code=document.division_code)
    authorize(actor, Action.ONE_PAGE_SEE, about, see=Action.DOCUMENT_SEE)
    if document.annex is Annex.PEOPLE and document.actor_code != actor.code:
        raise NotAllowed(message(N_("附从业人员名册的文件只能由出具人再次下载。")))


def settings() -> Settings:
    """Of this portal."""
    kept: Settings = current_app.extensions["settings"]
    return kept


def files() -> IssuedFiles:
    """Where documents are kept."""
    return IssuedFiles(settings().home)


def _given_to_a_worker(question: Question, pages: int) -> ResponseReturnValue:
    """On record first, then in the queue: where that cannot be reached, the next worker that starts finds it."""
    session = db.session()
    document = ask_for_document(session, question, pages=pages, actor=current_actor(), at=utc_now())
    code = document.code
    session.commit()
    try:
        jobs.ask_for(settings(), jobs.DOCUMENT, code)
    except jobs.JobStoreFailed:
        current_app.logger.warning("the job store cannot be reached", extra={"document": code})
    return redirect(url_for(".show", issued_document=code), code=303)


def _attached(data: bytes, question: Question) -> Response:
    name = f"{file_title(question)}.{question.format.value}"
    options: dict[str, Any] = {"mimetype": MIME_TYPES[question.format], "download_name": name}
    return send_file(BytesIO(data), as_attachment=True, **options)
