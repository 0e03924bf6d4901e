"""A release as its pages show it, made before they are drawn."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.formatting import data, day, number, word
from portal.frame import place_name
from portal.releases.asking import FORMAT, RELEASE
from portal.workflow.steps import Button, Past, Waiting, keyed, past_of, place_of_desk, waiting_for
from registry.access.actors import Actor
from registry.releases.models import Release, ReleaseState
from registry.releases.workflow import ReleaseStep
from registry.workflow.models import Todo
from registry.workflow.queries import history, open_steps

STATE_KINDS = {
    ReleaseState.ASKED: "active",
    ReleaseState.RELEASED: "waiting",
    ReleaseState.TAKEN: "done",
    ReleaseState.REFUSED: "returned",
    ReleaseState.LAPSED: "ended",
}
STEP_PAGES = {ReleaseStep.RELEASE: "releases.release", ReleaseStep.REFUSE: "releases.refuse"}


@dataclass(frozen=True)
class ReleasePage:
    """Everything that the page of one release shows."""

    release: Release
    kind: str
    facts: tuple[tuple[str, str], ...]
    buttons: tuple[Button, ...]
    past: tuple[Past, ...]
    waiting: tuple[Waiting, ...]
    reason: str
    """Why it was turned down; empty where it was not."""


@dataclass(frozen=True)
class ReleaseRow:
    """One release in a list."""

    release: Release
    kind: str


def release_page(session: Session, release: Release, actor: Actor, today: date) -> ReleasePage:
    """One release for one reader."""
    refused = [step.reason for step in history(session, release) if step.step == ReleaseStep.REFUSE]
    return ReleasePage(
        release=release,
        kind=STATE_KINDS[release.state],
        facts=facts_of(release),
        buttons=_buttons(session, release, actor),
        past=past_of(session, release, ReleaseStep),
        waiting=waiting_for(session, release, today, lambda todo: _place_of(todo, release)),
        reason=refused[-1] if refused else "",
    )


def row_of(release: Release) -> ReleaseRow:
    """One release as a list shows it."""
    return ReleaseRow(release, STATE_KINDS[release.state])


def facts_of(release: Release) -> tuple[tuple[str, str], ...]:
    """What would leave, for what, and with whom; the filters stand in the words that the maker read."""
    organisation = release.organisation
    place = organisation.name if organisation else place_name(release.division_code)
    return (
        (_("内容"), data(_(release.title))),
        (_("人数"), _("%(count)s 人", count=number(release.rows))),
        *((data(_(label)), data(value)) for label, value in release.about),
        (_("格式"), word(release.kind)),
        (_("导出用途"), word(release.reason)),
        (_("具体用途"), data(release.note)),
        (_("申请人"), data(f"{release.asked_by.name}（{release.asked_by.username}）")),
        (_("申请人岗位"), data(f"{word(release.asked_as)} · {place}")),
        (_("有效期至"), day(release.valid_until)),
    )


def address_of(release: Release) -> str:
    """Where the maker takes the file."""
    asked = release.asked_for | {FORMAT: release.kind.value, RELEASE: release.code}
    return f"{request.script_root}{release.path}?{urlencode(asked)}"


def _buttons(session: Session, release: Release, actor: Actor) -> tuple[Button, ...]:
    """Deciding has pages of its own; taking is where the file is made."""
    found = []
    for transition in open_steps(session, release, actor):
        step = ReleaseStep(transition.step)
        page = STEP_PAGES.get(step)
        url = url_for(page, release=release.code) if page else address_of(release)
        found.append((step, Button(word(step), url, is_main=step is not ReleaseStep.REFUSE, is_direct=False)))
    return keyed(found)


def _place_of(todo: Todo, release: Release) -> str:
    if todo.organisation_id is not None and release.organisation is not None:
        return release.organisation.name
    return place_of_desk(todo)
