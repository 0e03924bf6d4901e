"""Uploaded files: kept sealed under the code of their run in the instance folder until policy has them forgotten.

What was sent to be loaded and what was sent to be compared lie in one folder and are kept for the same time.
"""

from datetime import datetime
from pathlib import Path

from portal.sealed_folder import FILES as FILES
from portal.sealed_folder import SealedFolder
from registry.intake.lines import Sheet, packed_sheet, sheet_from
from registry.intake.models import IntakeRun
from registry.reconciliations.models import Reconciliation
from registry.sealing.providers import Place, SealProvider

ROWS = "-rows"
"""What the name of a run's sheet ends in."""


def run_code(path: Path) -> str:
    """The run to which a file of the folder belongs."""
    return path.stem.removesuffix(ROWS)


def place_of(code: str) -> Place:
    """Where the file of the run with this public code stands."""
    return Place(IntakeRun.__tablename__, "file", code)


class UploadedFiles(SealedFolder):
    """The folder of uploads; names come from the registry's random codes, never from what was uploaded."""

    def __init__(self, folder: Path, seals: SealProvider) -> None:
        super().__init__(folder, seals, place_of)

    def keep(self, run: IntakeRun | Reconciliation, data: bytes) -> None:
        """Write the bytes so that the annotated copy and the load read what was judged."""
        self.write(run.code, data)

    def read(self, run: IntakeRun | Reconciliation) -> bytes | None:
        """The bytes, or None where they are not to be had."""
        return self.data(run.code)

    def keep_sheet(self, run: IntakeRun, sheet: Sheet) -> None:
        """The rows and findings of the file beside it: a page of them need not judge the file again."""
        self.write(f"{run.code}{ROWS}", packed_sheet(sheet))

    def sheet(self, run: IntakeRun) -> Sheet | None:
        """As it was kept; None where it is not to be had any more."""
        data = self.data(f"{run.code}{ROWS}")
        return None if data is None else sheet_from(data)

    def forget(self, before: datetime) -> int:
        """Delete what was kept before an instant, loaded or not: a file of people holds their whole names. How many."""
        old = [path for path in self.folder.glob(FILES) if path.stat().st_mtime < before.timestamp()]
        for path in old:
            path.unlink(missing_ok=True)  # another upload may be at it too
        return len(old)
