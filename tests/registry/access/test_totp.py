"""One-time codes against the vectors of RFC 4226 (appendix D) and RFC 6238 (appendix B)."""

import base64
from datetime import UTC, datetime

import pytest

from registry.access.totp import address_of, code_of, new_secret, step_at, step_of

SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_4226 = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split()
RFC_6238 = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.mark.parametrize(("step", "code"), list(enumerate(RFC_4226)))
def test_codes_are_those_of_the_counter_standard(step: int, code: str) -> None:
    assert code_of(SECRET, step) == code


@pytest.mark.parametrize(("seconds", "code"), list(RFC_6238.items()))
def test_codes_are_those_of_the_time_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)

    assert code_of(SECRET, step_at(at), digits=8) == code
    assert step_of(SECRET, code[2:], at=at) == seconds // 30


@pytest.mark.parametrize(("late", "passes"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_wrong_by_one_step(late: int, passes: bool) -> None:
    at = 1234567890

    found = step_of(SECRET, "005924", at=datetime.fromtimestamp(at + late, UTC))

    assert (found == at // 30) is passes


@pytest.mark.parametrize("typed", ["", "00592", "0059244", "００５９２４", "abcdef"])
def test_anything_else_is_no_code(typed: str) -> None:
    assert step_of(SECRET, typed, at=datetime.fromtimestamp(1234567890, UTC)) is None


def test_a_secret_has_160_bits_and_no_padding() -> None:
    first, second = new_secret(), new_secret()

    assert first != second
    assert len(base64.b32decode(first)) == 20
    assert "=" not in first


def test_the_address_names_issuer_and_account() -> None:
    assert address_of("ABC", issuer="精康通", name="li wang") == (
        "otpauth://totp/%E7%B2%BE%E5%BA%B7%E9%80%9A:li%20wang?secret=ABC"
        "&issuer=%E7%B2%BE%E5%BA%B7%E9%80%9A&digits=6&period=30"
    )
