"""A one-page view as its page shows it: the very lines that the papers print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from portal.documents.making import maps_of
from portal.profiles.reading import address
from portal.settings import Settings
from reports.documents.one_page_paper import locator
from reports.documents.speech import Speech
from reports.profiles.lines import Line, Problem, gap_sentences, lines, problems
from reports.profiles.one_page import OnePage


@dataclass(frozen=True)
class PageView:
    """Everything that the pages show."""

    name: str
    division_code: str
    organisation_code: str | None
    on: date
    lines: Sequence[Line]
    problems: Sequence[Problem]
    gaps: Sequence[str]
    picture: Markup
    """The map as SVG; empty where no outline is known."""
    has_examples: bool
    page_url: str
    pack_url: str
    issue_url: str
    issue_pack_url: str
    links: Sequence[tuple[str, str]]
    """Of a place: its institutions and their own pages."""


def page_view(page: OnePage, say: Speech, settings: Settings) -> PageView:
    """One page for one reader."""
    drawn = locator(page, maps_of(settings), say)
    return PageView(
        name=page.name or _("全国"),
        division_code=page.division_code,
        organisation_code=page.organisation_code,
        on=page.on,
        lines=lines(page, say),
        problems=problems(page, say),
        gaps=gap_sentences(page, say),
        picture=Markup(drawn.svg) if drawn else Markup(""),  # noqa: S704  # of escaped parts, see reports/coverage/svg.py
        has_examples=page.has_examples,
        page_url=address(page, "one_page.of"),
        pack_url=address(page, "packs.pack_of"),
        issue_url=address(page, "one_page.issue_of"),
        issue_pack_url=address(page, "packs.issue_pack_of"),
        links=()
        if page.is_of_institution
        else [(one.organisation.name, _one(one.organisation.code, page.on)) for one in page.profiles],
    )


def _one(code: str, on: date) -> str:
    return url_for("one_page.of_organisation", organisation=code, on=on.isoformat())
