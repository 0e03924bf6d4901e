"""How much of what can be asked a run asks: all on SQLite, a share on PostgreSQL, and more in the soak."""

import zlib

from tests.access.expectation import Row, rows


def is_in_share(name: str, one_in: int) -> bool:
    """A choice that stays the same from run to run."""
    return zlib.crc32(name.encode()) % one_in == 0


def rows_asked(who: str, database_kind: str) -> list[Row]:
    """The rows of the expectation that this run asks: what the engine decides is in T1b and T1e, whole on both."""
    one_in = 1 if database_kind == "sqlite" else 16
    return [row for row in rows() if is_in_share(f"{row.name} {who}", one_in)]
