"""Where somebody knocks from, as the list of stays and the counting of failures need it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One browser at one address."""

    address: str = ""
    browser: str = ""
    """In a few words, such as Chrome · Windows; never the whole of what it says about itself."""
    device: str = ""
    """Names a browser in which this account signed in before: its failures are counted apart from the address's."""

    @property
    def place(self) -> str:
        """What failures are counted under, so that a colleague behind the same address locks nobody out."""
        return f"device {self.device}" if self.device else f"address {self.address}"

    @property
    def facts(self) -> dict[str, str]:
        """What entries of the trail say of it; nothing for commands and jobs."""
        return {"address": self.address, "browser": self.browser} if self != NOWHERE else {}


NOWHERE = Source()
"""Commands and jobs."""
