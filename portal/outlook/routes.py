"""`/figures/qualified-share/…/outlook`: what is known to come, the cheapest way to the target, and its paper."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, redirect, request, send_file
from flask.typing import ResponseReturnValue

from portal.documents.issuing import Issuer
from portal.documents.making import MIME_TYPES, check_url, file_title, laid_out, printed_of
from portal.documents.making import Made as MadePaper
from portal.documents.routes import settings
from portal.extensions import db
from portal.figures.asking import Asked, ask, read_choice, seen_division
from portal.figures.exporting import people_facts
from portal.figures.routes import is_of_own, own_address
from portal.figures.speaking import WORDS
from portal.figures.views import trail_of
from portal.formatting import language
from portal.htmx import render_page
from portal.outlook.views import outlook_page
from portal.profiles.making import Taking
from portal.profiles.reading import speech
from portal.security import allowed, current_actor, current_trail
from portal.sights import record_sight
from registry.actions import Action
from registry.clock import today, utc_now
from registry.divisions.codes import NATION
from registry.documents.models import Annex, DocumentFormat, DocumentKind, Question
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.organisations.models import Organisation
from reports.documents.plan_paper import plan_paper
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.ledger import LedgerRow
from reports.prospects.prospect import Prospect, prospect_of_division, prospect_of_institution

CODE = QUALIFIED_SHARE.code
"""The one figure that has a target."""

bp = Blueprint("outlook", __name__, url_prefix=f"/figures/{CODE}")


@bp.get("/outlook")
@allowed(Action.FIGURE_SEE)
def division() -> ResponseReturnValue:
    if is_of_own():
        return redirect(own_address("outlook.organisation"), code=303)
    asked = asked_of_division()
    return _shown("outlook/division.html", asked, prospect_asked(asked))


@bp.get("/organisations/<code:organisation>/outlook")
@allowed(Action.FIGURE_SEE, on=Organisation)
def organisation(organisation: Organisation) -> ResponseReturnValue:
    asked = asked_of_whole()
    return _shown("outlook/organisation.html", asked, prospect_asked(asked, organisation), organisation)


@bp.post("/outlook/plan")
@allowed(Action.ONE_PAGE_ISSUE)
def issue_of_division() -> ResponseReturnValue:
    actor, typed = current_actor(), request.values.get("division", "").strip()
    seen_division(db.session(), actor, typed or actor.division_code, today(), Action.ONE_PAGE_ISSUE)
    asked = not_ahead(asked_of_division())
    return issued(asked, prospect_asked(asked), _format())


@bp.post("/organisations/<code:organisation>/outlook/plan")
@allowed(Action.ONE_PAGE_ISSUE, on=Organisation)
def issue_of_organisation(organisation: Organisation) -> ResponseReturnValue:
    asked = not_ahead(asked_of_whole())
    return issued(asked, prospect_asked(asked, organisation), _format())


def asked_of_division() -> Asked:
    """The question about a division, which the actor may see."""
    typed = {**request.values, "by": ""}
    return ask(typed, code=CODE, actor=current_actor(), session=db.session(), today=today())


def asked_of_whole() -> Asked:
    """The question about an institution with all its sites."""
    typed = {**request.values, "by": ""}
    return Asked.of(typed, figure=QUALIFIED_SHARE, division=NATION, today=today())


def not_ahead(asked: Asked) -> Asked:
    """InvalidInput for the paper of a day to come: what is registered until then would change it."""
    if asked.on > asked.today:
        sentence = N_("统计日期%(value)s在今天之后，还没有数据可出具文件；请改为%(today)s或更早的日期。")
        places = {"value": asked.on.isoformat(), "today": asked.today.isoformat()}
        raise InvalidInput("on", message(sentence, **places))
    return asked


def prospect_asked(asked: Asked, institution: Organisation | None = None) -> Prospect:
    """Of an institution with all its sites, or of the division."""
    question: dict[str, Any] = {"on": asked.on, "rule": asked.rule, "basis": asked.basis, "at": utc_now()}
    if institution is not None:
        return prospect_of_institution(db.session(), institution, **question)
    return prospect_of_division(db.session(), asked.division, **question)


def _format() -> DocumentFormat:
    return read_choice(DocumentFormat, request.form.get("format", ""), "format") or DocumentFormat.DOCX


def _shown(
    template: str, asked: Asked, prospect: Prospect, institution: Organisation | None = None
) -> ResponseReturnValue:
    """The page names people: who looked at it is kept, as for the ledger."""
    session, actor = db.session(), current_actor()
    page = outlook_page(
        session, asked, prospect, actor=actor, say=speech(), typed=request.args, institution=institution
    )
    trail = trail_of(session, asked, actor, with_division=True)
    answer = render_page(template, view=page, trail=trail, words=WORDS, **WORDS)
    record_sight(
        Action.FIGURE_SEE,
        subject_type="figure",
        subject_code=CODE,
        division_code=prospect.division_code,
        facts=people_facts(asked, prospect.name) | {"what": "outlook", "format": "page"},
    )
    return answer


def issued(
    asked: Asked,
    prospect: Prospect,
    wanted: DocumentFormat,
    annex: Annex = Annex.NONE,
    *,
    people: Sequence[LedgerRow] = (),
    taking: Taking | None = None,
) -> ResponseReturnValue:
    """Put on record with its check code and handed over; what was read is let go of before it is laid out.

    `people` are the ledger at its end, `taking` whoever answers for them: his entry is of the same transaction.
    """
    session, kept, say, question = (
        db.session(),
        settings(),
        speech(),
        _question(asked, prospect, wanted, annex),
    )
    issuer = Issuer(current_actor(), prospect.computed_at, kept, current_trail())
    session.rollback()

    def made(code: str) -> MadePaper:
        paper = plan_paper(
            prospect,
            code=code,
            check_url=check_url(kept, code),
            say=say,
            people=people,
            taken=taking.words(say) if taking else "",
        )
        data = laid_out(paper, wanted, say)
        return MadePaper(data, printed_of(prospect.reading, data))

    also = (lambda _data: taking.record(session)) if taking else None
    _document, data = issuer.hand_out(session, question, made, also=also)
    name = f"{file_title(question)}.{wanted.value}"
    return send_file(BytesIO(data), mimetype=MIME_TYPES[wanted], as_attachment=True, download_name=name)


def _question(asked: Asked, prospect: Prospect, wanted: DocumentFormat, annex: Annex) -> Question:
    return Question(
        kind=DocumentKind.PLAN,
        figure_code=CODE,
        rule=asked.rule.code,
        division_code=prospect.division_code,
        place_name=prospect.name,
        on=asked.on,
        basis=asked.basis,
        annex=annex,
        format=wanted,
        locale=language(),
        organisation_code=prospect.organisation_code,
    )
