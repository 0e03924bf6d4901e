"""What an address asks of a one-page view: of which institution or place, on which day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.days import read_day
from portal.figures.asking import seen_division
from portal.formatting import language
from portal.translating import catalogue
from registry.access.actors import Actor
from registry.actions import Action
from registry.clock import today
from registry.documents.models import Annex, DocumentFormat, DocumentKind, Question
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.organisations.models import Organisation
from registry.workforce.counting import Basis
from reports.documents.speech import Speech
from reports.figures.trend import FIRST_MONTH
from reports.profiles.one_page import OnePage, page_of_division, page_of_institution


def speech() -> Speech:
    """Of the page's language."""
    return Speech(catalogue(language()), language())


def page_asked(
    session: Session,
    typed: Mapping[str, str],
    organisation: Organisation | None,
    *,
    actor: Actor,
    at: datetime,
    action: Action,
) -> OnePage:
    """Reads an address; NotVisible for a place that is not the actor's, InvalidInput for a day without data."""
    on = day_asked(typed, today(at))
    if organisation is not None:
        return page_of_institution(session, organisation, on=on, at=at)
    asked = typed.get("division", "").strip() or actor.division_code
    place = seen_division(session, actor, asked, today(at), action)
    if place.code == "0":
        raise InvalidInput("division", message(N_("一页纸按机构、街镇或区县出具，请选择一个区划。")))
    return page_of_division(session, place.code, on=on, at=at)


def day_asked(typed: Mapping[str, str], now: date) -> date:
    """A day with data: neither ahead nor before histories are kept."""
    on = read_day(typed.get("on", ""), now)
    if on > now:
        sentence = N_("日期%(value)s在今天之后，还没有数据；请改为%(today)s或更早的日期。")
        raise InvalidInput("on", message(sentence, value=on.isoformat(), today=now.isoformat()))
    if on < FIRST_MONTH:
        sentence = N_("登记数据自%(first)s起才有历史记录，请改选之后的日期。")
        raise InvalidInput("on", message(sentence, first=FIRST_MONTH.isoformat()))
    return on


def question_of(page: OnePage, kind: DocumentKind, wanted: DocumentFormat, annex: Annex) -> Question:
    """What goes on record of a paper."""
    return Question(
        kind=kind,
        figure_code=page.reading.figure.code,
        rule=page.reading.rule.code,
        division_code=page.division_code,
        place_name=page.name,
        on=page.on,
        basis=Basis.TODAY,
        annex=annex,
        format=wanted,
        locale=language(),
        organisation_code=page.organisation_code,
    )


def address(page: OnePage, name: str, **more: str) -> str:
    """Of another form of the same question; `name` is the endpoint without its last word."""
    values: dict[str, Any] = {"on": page.on.isoformat()} | more
    if page.organisation_code is not None:
        return url_for(f"{name}_organisation", organisation=page.organisation_code, **values)
    return url_for(f"{name}_division", division=page.division_code, **values)
