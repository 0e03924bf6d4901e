"""What the two engines offer to backups: the same five things, each in its own way."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from portal.backups import postgresql, sqlite
from portal.backups.facts import Facts, SealedDatabase, Staged
from registry.sealing.keyfiles import Key


class Engine(Protocol):
    """A module: sqlite.py or postgresql.py."""

    def dump(self, url: str, target: Path, key: Key, /) -> Facts:
        """One state of the database into a sealed file, while others write; what it said at that moment."""

    def holds_anything(self, url: str, /) -> bool:
        """Whether there are tables already."""

    def staged(self, backup: SealedDatabase, url: str, aside: str, /) -> AbstractContextManager[Staged]:
        """A backup, restored beside the register; it comes into force by being committed and switched."""

    def rehearsed(self, backup: SealedDatabase, url: str, scratch: Path, /) -> AbstractContextManager[Staged]:
        """A backup, restored where it never comes into force."""

    def switch(self, url: str, aside: Path, /) -> None:
        """What was staged and committed takes the place of what was there."""


ENGINES: dict[str, Engine] = {"sqlite": sqlite, "postgresql": postgresql}


def engine_of(url: str) -> Engine:
    """By the address of the database."""
    return ENGINES[sa.make_url(url).get_backend_name()]
