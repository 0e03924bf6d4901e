"""What a writer of the trail needs from outside the registry."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Principal:
    """The person on whose behalf somebody acts."""

    code: str
    name: str


@dataclass(frozen=True)
class Trail:
    """The key of the chain, and the request that the entries belong to (empty for commands and jobs)."""

    key: bytes = field(repr=False)
    request_id: str = ""
    principal: Principal | None = None
    """On whose behalf the request is made, where somebody stands in."""
