"""往返文件: what a file that was taken out of the register says of itself, hidden and signed, when it comes back.

Each line is signed by itself, together with the number of the file: a line that was changed, or that comes from another
file, is known by its signature, and the rows that it concerns can be named.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.base import new_code
from registry.intake.parts import Part, PartKey, canonical
from registry.organisations.models import Organisation
from registry.sealing.providers import SealProvider

SIGNED = "intake.round_trip"
"""What the signatures are made for: no index of a person is one of them."""

HiddenLine = tuple[str, str]
"""What it says, and its signature."""


@dataclass(frozen=True)
class Taken:
    """A file that was taken out: its number, for whom, and when."""

    kind: str
    owner: str
    on: date
    code: str = field(default_factory=new_code)


@dataclass(frozen=True)
class Base:
    """What was taken out, as the file says it."""

    taken: Taken
    facts: Mapping[PartKey, Mapping[str, Any]]
    owners: Mapping[PartKey, str]
    forged: frozenset[PartKey]
    """Parts whose lines were changed since."""


class BaseBroken(Exception):
    """The hidden lines say nothing that can be trusted."""


def owner_of(session: Session, actor: Actor) -> str:
    """For whom a file is taken out, and who alone brings it back: the organisation, or the division without one."""
    if actor.organisation_id is None:
        return actor.division_code
    return session.get_one(Organisation, actor.organisation_id).code


def hidden_lines(taken: Taken, parts: Iterable[Part], seals: SealProvider) -> list[HiddenLine]:
    """The lines of the hidden sheet, the head first."""
    said = {part.id: _facts_of(part) for part in parts}
    head = {
        "kind": taken.kind,
        "owner": taken.owner,
        "on": taken.on.isoformat(),
        "code": taken.code,
        "parts": len(said),
    }
    lines = [_written(head), *map(_written, said.values())]
    return [(line, _signature(line, taken.code, seals)) for line in lines]


def base_of(lines: Sequence[HiddenLine], seals: SealProvider) -> Base:
    """BaseBroken where the head does not hold, or lines are gone."""
    try:
        head = json.loads(lines[0][0])
        taken = Taken(head["kind"], head["owner"], date.fromisoformat(head["on"]), head["code"])
        read = [(_part_of(line), _holds(line, signature, taken.code, seals)) for line, signature in lines[1:]]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise BaseBroken from error
    if not _holds(*lines[0], taken.code, seals) or len(read) != head["parts"]:
        raise BaseBroken
    return Base(
        taken,
        facts={key: facts for (key, _owner, facts), _is_whole in read},
        owners={key: owner for (key, owner, _facts), _is_whole in read},
        forged=frozenset(key for (key, _owner, _facts), is_whole in read if not is_whole),
    )


def _facts_of(part: Part) -> dict[str, Any]:
    return {
        "kind": part.kind.value,
        "key": list(part.key),
        "owner": part.owner,
        "version": part.version,
        "facts": {name: canonical(value) for name, value in part.facts.items()},
    }


def _part_of(line: str) -> tuple[PartKey, str, dict[str, Any]]:
    said = json.loads(line)
    return (str(said["kind"]), tuple(map(str, said["key"]))), str(said["owner"]), dict(said["facts"])


def _written(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _signature(line: str, code: str, seals: SealProvider) -> str:
    return seals.index(f"{code}\n{line}", SIGNED)


def _holds(line: str, signature: str, code: str, seals: SealProvider) -> bool:
    """Under any key: a file may come back after the keys were changed."""
    return signature in seals.indexes(f"{code}\n{line}", SIGNED)
