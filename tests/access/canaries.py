"""Words that stand in one field of one person alone, and who may come to see them.

The table is written by hand from the masks of the threat model, not read from `masks.py`. Whoever stands in neither
column sees nothing of a field; and nobody sees anything of a person whom he does not reach.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from registry.access.models import Role
from registry.organisations.models import AddressChange
from registry.workforce.models import Practitioner
from tests.access.expectation import comes_to, reaches
from tests.access.geography import Spot, role_of
from tests.sealing import identity_number

RARE = 0x3500
"""From here on (CJK extension A) every character stands in one name only."""
SECRETS = ("password-canary", "factor-canary", "recovery-canary")
"""Of C5: what the database holds of everybody's proofs. Nobody is shown them."""


class Sight(StrEnum):
    """What of a field somebody may come to see."""

    NAME = "name"
    MASKED_NAME = "masked name"
    BIRTH_YEAR = "birth year"
    IDENTITY = "identity number"
    PHONE = "phone"
    CERTIFICATE = "certificate number"


SEEN_BY: Mapping[Sight, tuple[Role, ...]] = {
    Sight.NAME: (Role.DISTRICT, Role.STATION, Role.PROVIDER),
    Sight.MASKED_NAME: (Role.PROVINCE, Role.CITY, Role.STREET, Role.SOCIALWORK, Role.HR),
    Sight.BIRTH_YEAR: (Role.DISTRICT, Role.STATION, Role.PROVIDER),
    Sight.IDENTITY: (Role.STATION,),
    Sight.PHONE: (Role.STATION, Role.PROVIDER),
    Sight.CERTIFICATE: (Role.DISTRICT, Role.STATION, Role.PROVIDER),
}
STARRED: Mapping[re.Pattern[str], tuple[Role, ...]] = {
    re.compile(r"9999\*{12}"): (Role.DISTRICT, Role.STREET, Role.PROVIDER),
    re.compile(r"154\*{4}0021"): (Role.DISTRICT, Role.STREET),
    re.compile(r"\*{4,}8888"): (Role.PROVINCE, Role.CITY, Role.STREET, Role.SOCIALWORK, Role.HR),
}
"""Identity number, phone and certificate in part, whosesoever; to these and nobody else."""


SURNAME = "钱"


@dataclass(frozen=True)
class Person:
    """A practitioner's facts of C2 and C3, of which no other person has any."""

    number: int
    spot: Spot

    @property
    def name(self) -> str:
        return SURNAME + self.hidden + self.tail

    @property
    def hidden(self) -> str:
        """What the stars of a masked name stand for."""
        return chr(RARE + 3 * self.number) + chr(RARE + 3 * self.number + 1)

    @property
    def tail(self) -> str:
        """The last character, which a masked name keeps."""
        return chr(RARE + 3 * self.number + 2)

    @property
    def birth_year(self) -> int:
        return 1901 + self.number

    @property
    def identity(self) -> str:
        born = date(1970, 1, 1) + timedelta(days=self.number)
        return identity_number(777, born=f"{born:%Y%m%d}")

    @property
    def phone(self) -> str:
        return f"154{3100 + self.number}0021"

    @property
    def certificate(self) -> str:
        return f"2018031{self.number:03d}318888"

    @property
    def tokens(self) -> Mapping[str, Sight]:
        """Each word with what whoever reads it has seen."""
        return {
            self.hidden[0]: Sight.NAME,
            self.hidden[1]: Sight.NAME,
            self.tail: Sight.MASKED_NAME,
            str(self.birth_year): Sight.BIRTH_YEAR,
            self.identity: Sight.IDENTITY,
            self.phone: Sight.PHONE,
            self.certificate: Sight.CERTIFICATE,
        }


def draft_words(spot: Spot) -> str:
    """What only the change of address at this spot says."""
    return f"迁址说明〔{spot.place}{spot.owner}{spot.state}〕"


def tokens_for(role: Role, people: Sequence[Person]) -> frozenset[str]:
    """Every word of people and drafts of the register that a role may come to read; a spot holds one of each."""
    reach = reaches()
    mine = [one for one in people if comes_to(reach["practitioner.see", role], role, one.spot, Practitioner)]
    of_people = {word for one in mine for word, sight in one.tokens.items() if may_see(role, sight)}
    asked = reach["address_change.see", role]
    drafts = {draft_words(one.spot) for one in people if comes_to(asked, role, one.spot, AddressChange)}
    return frozenset(of_people | drafts)


def may_see(role: Role, sight: Sight) -> bool:
    """Whether the table opens this to a role; who sees a name whole sees its last character too."""
    return role in SEEN_BY[sight] or (sight is Sight.MASKED_NAME and role in SEEN_BY[Sight.NAME])


NUMBERS = re.compile(r"(?<![A-Za-z0-9_.*-])(?:\d{17}[\dX]|\d{16}|\d{11}|19\d\d)(?![A-Za-z0-9_*-])")
CHARACTERS = re.compile(f"[{chr(RARE)}-{chr(RARE + 0x1FF)}]")
DRAFTS = re.compile("迁址说明〔[^〕]*〕")
EVERYWHERE = (NUMBERS, CHARACTERS, DRAFTS, re.compile("|".join(SECRETS)))


def forbidden_stars(who: str, text: str) -> list[str]:
    """Numbers in part, of which this account may not see even that."""
    return [
        stars.pattern for stars, roles in STARRED.items() if role_of(who) not in roles and stars.search(text)
    ]


def names_somebody(text: str) -> bool:
    """Whether a name stands in it, whole or in part: nobody else on the stage has the surname."""
    return SURNAME in text


def words_in(text: str) -> frozenset[str]:
    """What of the words above stands in a text."""
    return frozenset(word for pattern in EVERYWHERE for word in pattern.findall(text))
