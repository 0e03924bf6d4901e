"""The bytes of issued documents: written whole or not at all, readable by the portal's own user alone."""

import errno
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from registry.documents.models import IssuedDocument
from registry.errors import CannotIssue
from registry.messages import N_, message
from reports.writing import PRIVATE, written_whole

FULL = (errno.ENOSPC, errno.EDQUOT)


class IssuedFiles:
    """The folder of documents; names are check codes."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "documents"

    def keep(self, name: str, data: bytes) -> None:
        """Put the bytes in place; CannotIssue where the disk is full or the folder cannot be written."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise refusal_of(error, self.folder) from error
        write_whole(self.folder / name, data)

    def read(self, document: IssuedDocument) -> bytes | None:
        """The bytes, or None where they have been cleared away."""
        path = self.folder / document.file_name
        return path.read_bytes() if path.is_file() else None

    def holds(self, document: IssuedDocument) -> bool:
        """Whether the bytes are still there."""
        return (self.folder / document.file_name).is_file()

    def discard(self, name: str) -> None:
        """What was put in place for a record that was not kept."""
        (self.folder / name).unlink(missing_ok=True)

    def clear(self, before: datetime) -> int:
        """Remove what is past keeping; how many files."""
        if not self.folder.is_dir():
            return 0
        return sum(_removed_if_old(file, before) for file in self.folder.iterdir())


def _removed_if_old(file: Path, before: datetime) -> bool:
    """Nothing is said where it cannot be: another process may have cleared it, and clearing comes after issuing."""
    with suppress(OSError):
        if file.stat().st_mtime < before.timestamp():
            file.unlink()
            return True
    return False


def write_whole(path: Path, data: bytes) -> None:
    """A file that is there with all its bytes, or not at all; CannotIssue names the folder and the remedy."""
    try:
        written_whole(path, data, mode=PRIVATE)
    except OSError as error:
        raise refusal_of(error, path.parent) from error


def refusal_of(error: OSError, folder: Path) -> CannotIssue:
    """What went wrong in plain words."""
    if error.errno in FULL:
        sentence = N_("磁盘已满，文件没有写完，已全部撤回。请腾出%(folder)s所在磁盘的空间后再试。")
    elif isinstance(error, FileNotFoundError | NotADirectoryError):
        sentence = N_("没有文件夹%(folder)s，没有写入任何内容。请先建立该文件夹，或改写到别处。")
    else:
        sentence = N_("文件夹%(folder)s不可写，没有写入任何内容。请检查该文件夹的权限后再试。")
    return CannotIssue(message(sentence, folder=str(folder)))
