"""A folder of what was typed and not sent, one file for each form of each person in each position.

Names say nothing of the form: they are made with the portal's secret. Nothing here is part of the register, and
backups leave it out.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from portal.sealed_folder import FILES, SealedFolder
from portal.settings import Settings
from registry.access.actors import Actor
from registry.sealing.providers import Place, SealProvider

FOLDER = "unsent"
KEPT_FOR = timedelta(days=14)
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
    """Of the record, as the page had it; empty for a new one."""
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


class UnsentForms:
    """What one person typed in one position."""

    def __init__(self, settings: Settings, seals: SealProvider, actor: Actor) -> None:
        self._files = SealedFolder(folder_of(settings), seals, place_of)
        self._secret = settings.secret_key.encode()
        principal = actor.principal.code if actor.principal else ""
        self._whose = self._name(
            actor.code, actor.role, actor.division_code, str(actor.organisation_id), principal
        )

    def of(self, path: str) -> Unsent | None:
        """What is kept for the form at this address; None where nothing is, or the form was sent meanwhile."""
        kept = self._read(path)
        return kept if kept and kept.answers else None

    def keep(self, path: str, page: str, version: str, answers: Answers, *, at: datetime) -> bool:
        """Keeps the answers in place of those before; whether they were kept: a form that was sent is over.

        The last of its saves may arrive behind it. No answers at all are the reader's word that he gives up.
        """
        before = self._read(path)
        if before is not None and before.page == page and not before.answers:
            return False
        if not answers:
            self._files.remove(self._file(path))
            return True
        self._write(path, Unsent(page, version, answers, at.isoformat()))
        self._give_way()
        return True

    def end(self, path: str, page: str, *, at: datetime) -> None:
        """The form was sent. What is left says so to saves that come late, until the night."""
        if page:
            self._write(path, Unsent(page, "", {}, at.isoformat()))
        else:
            self._files.remove(self._file(path))

    def _read(self, path: str) -> Unsent | None:
        data = self._files.data(self._file(path))
        return None if data is None else Unsent(**json.loads(data))

    def _write(self, path: str, unsent: Unsent) -> None:
        self._files.write(self._file(path), json.dumps(asdict(unsent)).encode())

    def _give_way(self) -> None:
        kept = sorted(
            self._files.folder.glob(f"{self._whose}-{FILES}"), key=lambda file: file.stat().st_mtime
        )
        for file in kept[:-MOST_FORMS]:
            file.unlink(missing_ok=True)

    def _file(self, path: str) -> str:
        return f"{self._whose}-{self._name(path)}"

    def _name(self, *parts: str) -> str:
        said = "\0".join(parts).encode()
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()[:32]


def forget_unsent(settings: Settings, *, at: datetime) -> int:
    """Erases what was left alone for longer than it is kept; how many forms."""
    before = (at - KEPT_FOR).timestamp()
    old = [file for file in folder_of(settings).glob(FILES) if file.stat().st_mtime < before]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def reseal_unsent(settings: Settings, seals: SealProvider) -> int:
    """Seals anew what an older key sealed; how many forms."""
    return SealedFolder(folder_of(settings), seals, place_of).reseal()
