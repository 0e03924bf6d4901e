"""Official numbers in cells: credit codes are checked, identity numbers are turned away wherever they do not belong."""

import re

from stdnum.cn import uscc as numbers
from stdnum.exceptions import ValidationError
from stdnum.util import isdigits

from registry.messages import N_, message
from registry.parsing import Cell, CellProblem, code_text, half_width

USCC_LENGTH = 18
USCC_CHARACTERS = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")

_LONG_RUN = re.compile(r"\d{17,}[\dXx]")
_IDENTITY = re.compile(r"[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_CHECKS = "10X98765432"


def credit_code(cell: Cell) -> str:
    """A unified social credit code (GB 32100-2015): 18 characters, the last one a check.

    The first two may be letters (Y for other registrars, N for rural collectives), which the library does not take,
    so its alphabet and check character are used and not its whole verdict.
    """
    code = code_text(200)(cell).replace("-", "").upper()
    if len(code) != USCC_LENGTH:
        raise CellProblem(
            message(N_("应为18位，现在是%(length)s位。"), length=len(code)),
            message(N_("请对照登记证书补齐或删去多余的字符。")),
        )
    _refuse_foreign_characters(code)
    expected = numbers.calc_check_digit(code)
    if code[-1] != expected:
        raise CellProblem(
            message(
                N_("校验位不对：按前17位应为%(expected)s，填的是%(found)s。"),
                expected=expected,
                found=code[-1],
            ),
            message(N_("请对照登记证书逐位核对18位代码。")),
        )
    return code


def _refuse_foreign_characters(code: str) -> None:
    for position, character in enumerate(code, start=1):
        if character not in USCC_CHARACTERS:
            raise CellProblem(
                message(
                    N_("第%(position)s位的“%(character)s”不会出现在统一社会信用代码中。"),
                    position=position,
                    character=character,
                ),
                message(N_("代码不用字母I、O、S、V、Z：请核对是否应为数字1、0、5、2。")),
            )
        if 2 < position <= 8 and not character.isdigit():
            raise CellProblem(
                message(
                    N_("第%(position)s位应为数字，填的是“%(character)s”。"),
                    position=position,
                    character=character,
                ),
                message(N_("第3至8位是登记机关的区划代码，请对照登记证书核对。")),
            )


def is_credit_code(words: str) -> bool:
    """Whether the check character fits; an identity number may do so by chance."""
    try:
        return isdigits(words[:8]) and numbers.validate(words) == words.upper()
    except ValidationError:
        return False


def refuse_identity_number(cell: Cell) -> None:
    """Raise when an 18-digit identity number stands anywhere in the cell; what is shown of it is masked.

    One typed as a number has lost its end and is recognised by its date of birth all the same.
    """
    if isinstance(cell, str):
        found = _identity_number_in(half_width(cell)) if len(cell) >= USCC_LENGTH else None
    else:
        found = _identity_number_of(cell)
    if found:
        raise CellProblem(
            message(N_("这一格里有居民身份证号，这一列不能填。")),
            message(N_("请删去；身份证号只填在“身份证号”一列。")),
            shown_as=masked(found),
        )


def _identity_number_in(words: str) -> str | None:
    """As it is written, or with its groups set apart."""
    return _run_in(words) or _run_in(re.sub(r"[\s\-_.·]", "", words))


def _run_in(words: str) -> str | None:
    """A run of 18 counts by its shape, unless it is a credit code; inside a longer one the check digit must fit too."""
    for run in _LONG_RUN.findall(words):
        windows = [run[start : start + USCC_LENGTH] for start in range(len(run) - USCC_LENGTH + 1)]
        for window in filter(_IDENTITY.fullmatch, windows):
            if has_fitting_check(window) or (len(run) == USCC_LENGTH and not is_credit_code(run)):
                return str(window)
    return None


def _identity_number_of(cell: Cell) -> str | None:
    """The first 15 digits of a number are exact, and hold the date."""
    if not isinstance(cell, int | float) or not 1e17 <= cell < 1e18:
        return None
    digits = f"{cell:.14e}".replace(".", "")[:15] + "000"
    return digits if _IDENTITY.fullmatch(digits) else None


def without_identity_number(cell: Cell) -> Cell:
    """The cell as it may be given back: an identity number in it is starred out."""
    try:
        refuse_identity_number(cell)
    except CellProblem as problem:
        return problem.shown_as or ""
    return cell


def masked(number: str) -> str:
    """The first three and the last two characters, the rest starred."""
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


def has_fitting_check(number: str) -> bool:
    """Whether the last of 18 characters is the check digit of the first 17 (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _IDENTITY_WEIGHTS, strict=False))
    return _IDENTITY_CHECKS[total % 11] == number[-1].upper()
