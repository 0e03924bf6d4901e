"""What a release does: asking keeps the question, releasing starts the days in which the file is taken, taking ends it.

The steps are taken through the workflow (workflow.py has the table); these are its effects.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.exports import Purpose, most_rows
from registry.access.models import Account
from registry.errors import RequirementUnmet
from registry.messages import N_, message
from registry.policy.queries import parameter
from registry.releases.models import FileKind, Release, ReleaseState, digest_of
from registry.releases.queries import is_in_hand
from registry.workflow_table import Facts, Occasion

VALID_DAYS = "release.valid_days"
"""Policy parameter: days within which a release is decided, and then days within which the file is taken."""


@dataclass(frozen=True)
class Wanted:
    """One file: where it is made, what is asked of it, in which form, and how many people it holds."""

    kind: FileKind
    title: str
    path: str
    asked_for: Mapping[str, str]
    about: tuple[tuple[str, str], ...]
    rows: int

    @property
    def digest(self) -> str:
        """The same for the same question in the same form."""
        return digest_of(self.kind, self.path, self.asked_for)


def release_of(wanted: Wanted, purpose: Purpose, *, actor: Actor, at: datetime) -> Release:
    """A new release, not yet in any session: the workflow starts it."""
    return Release(
        state=ReleaseState.ASKED,
        kind=wanted.kind,
        title=wanted.title,
        path=wanted.path,
        asked_for=dict(wanted.asked_for),
        digest=wanted.digest,
        about=[list(line) for line in wanted.about],
        rows=wanted.rows,
        reason=purpose.reason,
        note=purpose.note,
        asked_at=at,
        asked_as=actor.role,
        division_code=actor.division_code,
        organisation_id=actor.organisation_id,
        asked_by_id=actor.account_id,
    )


def ask(session: Session, release: Release, occasion: Occasion) -> Facts:
    """RequirementUnmet where no second person is needed, or where the same file is in hand already."""
    with session.no_autoflush:
        if release.rows <= most_rows(session, occasion.actor, occasion.at):
            raise RequirementUnmet(message(N_("人数没有超过上限，直接导出即可，不需要申请。")))
        if is_in_hand(session, release, occasion.on):
            raise RequirementUnmet(message(N_("您已经申请过同一份文件，正在办理，请在“超限导出”中查看。")))
        release.asked_by = session.get_one(Account, occasion.actor.account_id)
        release.valid_until = _last_day(session, release, occasion.on)
    return _facts(release)


def let_go(session: Session, release: Release, occasion: Occasion) -> Facts:
    """The maker may take it, from today for some days."""
    refuse_late(release, occasion.on)
    release.valid_until = _last_day(session, release, occasion.on)
    return {**_facts(release), **_asked_by(release), "valid_until": release.valid_until.isoformat()}


def turn_down(_session: Session, release: Release, _occasion: Occasion) -> Facts:
    """Nothing leaves; the entry names both."""
    return {**_facts(release), **_asked_by(release)}


def take(_session: Session, release: Release, occasion: Occasion) -> Facts:
    """Uses the release up; the trail keeps how many people were in the file now."""
    wanted: Wanted = occasion.facts
    refuse_other(release, wanted, occasion.on)
    return {**_facts(release), "rows taken": wanted.rows}


def refuse_other(release: Release, wanted: Wanted, on: date) -> None:
    """RequirementUnmet for any other file than the released one, for one that grew, or after its last day."""
    refuse_late(release, on)
    if wanted.digest != release.digest:
        sentence = N_("这不是批准的那份文件：筛选条件或格式与申请时不同，请按申请时的条件取文件。")
        raise RequirementUnmet(message(sentence))
    if wanted.rows > release.rows:
        sentence = N_("批准时%(released)s人，现在%(now)s人，人数多于批准的，请重新申请。")
        raise RequirementUnmet(message(sentence, released=release.rows, now=wanted.rows))


def refuse_late(release: Release, on: date) -> None:
    """RequirementUnmet after the last day."""
    if on > release.valid_until:
        sentence = N_("这项申请的有效期到%(day)s为止，已经失效，请重新申请。")
        raise RequirementUnmet(message(sentence, day=release.valid_until.isoformat()))


def _last_day(session: Session, release: Release, on: date) -> date:
    return on + timedelta(days=int(parameter(session, VALID_DAYS, release.division_code, on)))


def _asked_by(release: Release) -> Facts:
    return {"asked by": release.asked_by.code, "asked by name": release.asked_by.name}


def _facts(release: Release) -> Facts:
    return {
        "format": release.kind.value,
        "path": release.path,
        "filters": release.asked_for,
        "sha256": release.digest,
        "rows": release.rows,
        "purpose": release.reason.value,
        "note": release.note,
    }
