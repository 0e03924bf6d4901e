"""T3: whatever an address asks, it breaks nothing, tells nothing of the database, and brings no records of others.

Each engine is asked half of the parameters here; tests/soak asks each of them many things.
"""

from collections.abc import Callable
from dataclasses import replace

from tests.hostile.asking import addresses_to_ask, asked_wrongly, nonsense
from tests.hostile.crawling import Finds
from tests.hostile.stage import Stage


def test_no_parameter_breaks_an_answer_or_brings_records_of_others(
    stage: Stage, everything: list[Finds], database_kind: str, tell: Callable[[str], None]
) -> None:
    place = ("sqlite", "postgresql").index(database_kind)
    addresses = [one for one in addresses_to_ask(stage, everything) if one.names]
    halves = [
        replace(one, names=one.names[(number + place) % 2 :: 2]) for number, one in enumerate(addresses)
    ]

    asked = asked_wrongly(stage, halves, each=1, first=place * len(nonsense()) // 2)

    tell(f"T3: {asked}")
    assert not asked.faults, "\n".join(asked.faults)
    assert asked.rows
