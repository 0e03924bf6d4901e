"""A folder of what was typed and not sent, one file for each form of each person in each position.

Names say nothing of the form: they are made with the portal's secret. Nothing here is part of the register, and
backups leave it out. A page that was sent leaves a mark, so that saves of its words that come behind it are over
whatever their order is.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from portal.sealed_folder import FILES, SealedFolder
from portal.settings import Settings
from registry.access.actors import Actor
from registry.sealing.providers import Place, SealProvider

FOLDER = "unsent"
KEPT_FOR = timedelta(days=14)
MARKED_FOR = timedelta(days=1)
"""Longer than any save is under way."""
MARKS = "*.over"
MOST_FORMS = 100
"""Of one person in one position; the one that was left alone longest gives way."""
LONGEST = 65_536
"""Characters of all answers of one form: nobody types more by hand."""

Answers = Mapping[str, Sequence[str]]
"""Name of a field to what stands in it; several for boxes to tick."""


@dataclass(frozen=True)
class Unsent:
    """What one form holds that was not sent."""

    page: str
    """The form as it was drawn once: a random name that the page gave itself."""
    version: str
    """Of the record when somebody began to type; empty for a new one."""
    answers: Answers
    at: str
    """When it was kept, as ISO 8601."""

    @property
    def kept_at(self) -> datetime:
        """The moment."""
        return datetime.fromisoformat(self.at)


def place_of(name: str) -> Place:
    """Where the file with this name stands."""
    return Place("unsent_form", "answers", name)


def folder_of(settings: Settings) -> Path:
    """The folder in PORTAL_HOME."""
    return settings.home / FOLDER


def shelf_of(settings: Settings, actor: Actor) -> str:
    """The name of what somebody typed in one position: a page says with it for which one it was drawn."""
    principal = actor.principal.code if actor.principal else ""
    position = (actor.role, actor.division_code, str(actor.organisation_id), principal)
    return _name(settings, actor.code, *position)


class UnsentForms:
    """What one person typed in one position."""

    def __init__(self, settings: Settings, seals: SealProvider, actor: Actor) -> None:
        self._files = SealedFolder(folder_of(settings), seals, place_of)
        self._settings = settings
        self._shelf = shelf_of(settings, actor)

    def of(self, path: str) -> Unsent | None:
        """What is kept for the form at this address; None where nothing is, or where it was sent meanwhile."""
        kept = self._read(path)
        return None if kept is None or self._mark(kept.page).exists() else kept

    def keep(self, path: str, unsent: Unsent, *, before: str = "") -> bool:
        """Keeps the answers in place of those that are there; whether they were: a page that was sent is over.

        No answers at all are the reader's word that he gives up what this page says, or the page `before` whose words
        were filled in.
        """
        if self._mark(unsent.page).exists():
            return False
        if unsent.answers:
            self._files.write(self._file(path), json.dumps(asdict(unsent)).encode())
            self._give_way()
        else:
            self._remove(path, {unsent.page, before})
        return True

    def end(self, path: str, pages: Collection[str]) -> None:
        """The form was sent; `pages` are the one that was sent and the one whose words were filled in."""
        for page in pages:
            self._files.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._mark(page).touch(mode=0o600)
        self._remove(path, pages)

    def _read(self, path: str) -> Unsent | None:
        data = self._files.data(self._file(path))
        return None if data is None else Unsent(**json.loads(data))

    def _remove(self, path: str, pages: Collection[str]) -> None:
        """What another window keeps of the same form stays."""
        kept = self._read(path)
        if kept is not None and kept.page in pages:
            self._files.remove(self._file(path))

    def _give_way(self) -> None:
        kept = _by_age(self._files.folder.glob(f"{self._shelf}-{FILES}"))
        for _time, file in kept[:-MOST_FORMS]:
            file.unlink(missing_ok=True)

    def _file(self, path: str) -> str:
        return f"{self._shelf}-{_name(self._settings, path)}"

    def _mark(self, page: str) -> Path:
        return self._files.folder / f"{self._shelf}-{_name(self._settings, page)}{MARKS[1:]}"


def forget_unsent(settings: Settings, *, at: datetime) -> int:
    """Erases what was left alone for longer than it is kept; how many forms."""
    folder = folder_of(settings)
    old = _older(folder.glob(FILES), at - KEPT_FOR)
    for file in (*old, *_older(folder.glob(MARKS), at - MARKED_FOR)):
        file.unlink(missing_ok=True)
    return len(old)


def _older(files: Iterable[Path], than: datetime) -> list[Path]:
    return [file for time, file in _by_age(files) if time < than.timestamp()]


def _by_age(files: Iterable[Path]) -> list[tuple[float, Path]]:
    """The oldest first; others come and go meanwhile."""
    found = []
    for file in files:
        try:
            found.append((file.stat().st_mtime, file))
        except FileNotFoundError:
            continue
    return sorted(found)


def _name(settings: Settings, *parts: str) -> str:
    said = "\0".join(parts).encode()
    return hmac.new(settings.secret_key.encode(), said, hashlib.sha256).hexdigest()[:32]
