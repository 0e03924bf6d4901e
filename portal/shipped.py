"""Finds the folders that are no Python packages: beside the packages in a checkout, inside the portal in a wheel."""

from pathlib import Path

PORTAL = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The folder `migrations` or `static`; FileNotFoundError when the installation is incomplete."""
    for folder in (PORTAL / "_shipped" / name, PORTAL.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        f"the installation lacks its folder {name!r}: install the wheel again, or run make setup"
    )
