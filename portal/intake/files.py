"""Uploaded files: kept under the run's code in the instance folder until they are loaded or forgotten."""

from pathlib import Path

from registry.intake.models import IntakeRun


class UploadedFiles:
    """The folder of uploads; names come from the registry's random codes, never from what was uploaded."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "uploads"

    def keep(self, run: IntakeRun, data: bytes) -> None:
        """Write the bytes so that the annotated copy and the load read what was judged."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path(run).write_bytes(data)

    def read(self, run: IntakeRun) -> bytes | None:
        """The bytes, or None where they were not kept or have been cleared away."""
        path = self._path(run)
        return path.read_bytes() if path.is_file() else None

    def _path(self, run: IntakeRun) -> Path:
        return self.folder / f"{run.code}.bin"
