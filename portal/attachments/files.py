"""Where attached files lie: outside every folder that is served, sealed, under a name that is drawn by lot."""

import hashlib
import secrets
from pathlib import Path

from flask import current_app

from portal.attachments.checking import Checked
from portal.sealed_folder import SealedFolder
from portal.sealing import current_seals
from portal.settings import Settings
from registry.attachments.models import Attachment
from registry.attachments.operations import KeptFile
from registry.sealing.providers import Place, SealProvider

FOLDER = "attachments"
NAME_BYTES = 24


def place_of(name: str) -> Place:
    """Where the file with this name stands."""
    return Place(Attachment.__tablename__, "file", name)


def folder_of(settings: Settings) -> Path:
    """The folder in PORTAL_HOME; backups take it along."""
    return settings.home / FOLDER


class AttachedFiles(SealedFolder):
    """The folder of attachments."""

    def __init__(self, folder: Path, seals: SealProvider) -> None:
        super().__init__(folder, seals, place_of)

    def keep(self, file: Checked) -> KeptFile:
        """On the disk before any row speaks of it; without its row it is swept away."""
        kept = KeptFile(
            file_name=file.file_name,
            stored_as=secrets.token_hex(NAME_BYTES),
            media_type=file.media_type,
            size=len(file.data),
            sha256=hashlib.sha256(file.data).hexdigest(),
        )
        self.write(kept.stored_as, file.data)
        return kept


def current_files() -> AttachedFiles:
    """The folder of the running portal."""
    settings: Settings = current_app.extensions["settings"]
    return AttachedFiles(folder_of(settings), current_seals())
