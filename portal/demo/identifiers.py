"""Numbers of example bodies and people: well-formed, and easy to recognise as nobody's.

The body of every credit code begins with four zeros, people are numbered 示例 followed by six digits, identity
numbers begin with 999999 and phones with 1540000.
"""

from datetime import date, timedelta
from random import Random

from stdnum.cn import ric as identity_codes
from stdnum.cn import uscc as credit_codes

from registry.base import CODE_ALPHABET, CODE_LENGTH
from registry.organisations.models import OrganisationKind, StandingKind
from registry.organisations.numbers import stem_of

REGISTRARS = {
    OrganisationKind.HOSPITAL: "12",
    OrganisationKind.PUBLIC_INSTITUTION: "12",
    OrganisationKind.SOCIAL_SERVICE: "52",
    OrganisationKind.ASSOCIATION: "51",
    OrganisationKind.FOUNDATION: "53",
    OrganisationKind.ENTERPRISE: "91",
    OrganisationKind.UNIDENTIFIED: "52",
}
"""The first two characters of a credit code: who registers it, and as what."""

SHANGHAI = "31"

NO_DIVISION = "999999"
"""No province begins with 99; in the numbers of foreign residents one follows the 9."""

BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11714: the check character of the nine-character organisation code inside a credit code."""


def example_uscc(kind: OrganisationKind, division_code: str, number: int) -> str:
    """A credit code with both of its check characters right (GB 32100-2015), different for each number."""
    body = f"0000{number:04d}"
    stem = f"{REGISTRARS[kind]}{division_code[:6]}{body}{_body_check(body)}"
    return stem + str(credit_codes.calc_check_digit(stem))


def _body_check(body: str) -> str:
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(body, BODY_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def example_standing_number(kind: StandingKind, year: int, number: int) -> str:
    """示例沪康复2024-0007."""
    return f"{stem_of(kind, SHANGHAI, year, is_example=True)}{number:04d}"


def example_person_no(number: int) -> str:
    """示例000007."""
    return f"示例{number:06d}"


def example_identity_number(birth_year: int, number: int) -> str:
    """18 characters with the right check digit, of the division 999999: no division has it, so nobody has the number.

    Different for each number below 365,000 of one year of birth.
    """
    born = date(birth_year, 1, 1) + timedelta(days=number % 365)
    stem = f"{NO_DIVISION}{born:%Y%m%d}{number // 365 % 1000:03d}"
    return stem + str(identity_codes.calc_check_digit(stem + "0"))  # it passes over the last one


def example_phone(number: int) -> str:
    """In the range 154, which is assigned to no operator; then four zeros."""
    return f"1540000{number:04d}"


def public_codes(rng: Random, count: int) -> list[str]:
    """Short codes for the outside, all different; seeded, unlike those of real records."""
    codes: dict[str, None] = {}
    while len(codes) < count:
        codes["".join(rng.choices(CODE_ALPHABET, k=CODE_LENGTH))] = None
    return list(codes)
