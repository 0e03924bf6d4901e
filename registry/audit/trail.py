"""What a writer of the trail needs from outside the registry."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Trail:
    """The key of the chain, and the request that the entries belong to (empty for commands and jobs)."""

    key: bytes = field(repr=False)
    request_id: str = ""
