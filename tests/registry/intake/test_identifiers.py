"""Credit codes are checked to the last character; identity numbers are turned away and never repeated."""

import pytest

from registry.intake.identifiers import credit_code, refuse_identity_number, without_identity_number
from registry.parsing import Cell, CellProblem

# Made up after GB 32100-2015 and GB 11643-1999; check characters computed by hand.
RIGHT_CODE = "91110000600037341L"
IDENTITY_NUMBER = "310101199001010011"


def check_of(first_seventeen: str) -> str:
    """The check character of an identity number by the standard's own table."""
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, weights, strict=True))
    return "10X98765432"[total % 11]


def refusal(cell: Cell) -> CellProblem:
    with pytest.raises(CellProblem) as caught:
        credit_code(cell)
    return caught.value


@pytest.mark.parametrize(
    "typed", [RIGHT_CODE, RIGHT_CODE.lower(), " 91110000 600037341Ｌ ", "91110000-600037341L"]
)
def test_a_right_code_is_taken_however_it_is_spaced(typed: str):
    assert credit_code(typed) == RIGHT_CODE


def test_a_wrong_check_character_is_said_with_the_right_one():
    refused = refusal("91110000600037341K")
    assert "校验位不对" in str(refused.message)
    assert "应为L，填的是K" in str(refused.message)
    assert "逐位核对" in str(refused.remedy)


def test_a_swapped_pair_of_digits_is_found():
    assert "校验位不对" in str(refusal("91110000600073341L").message)


def test_a_short_code_is_said_to_be_short():
    assert "应为18位，现在是17位" in str(refusal(RIGHT_CODE[:-1]).message)


def test_a_letter_that_no_code_contains_is_pointed_at():
    refused = refusal("9111000060003734IL")
    assert "第17位的“I”" in str(refused.message)
    assert "数字1" in str(refused.remedy)


def test_a_letter_inside_the_division_part_is_pointed_at():
    assert "第5位应为数字" in str(refusal("9111A000600037341L").message)


def test_a_registrar_written_as_a_letter_is_taken():
    # N2 stands for rural collectives, which the validating library does not know
    assert credit_code("N2370102MF08312382"[:17] + _check("N2370102MF0831238")) is not None


def _check(first_seventeen: str) -> str:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    total = sum(alphabet.index(sign) * weight for sign, weight in zip(first_seventeen, weights, strict=True))
    return alphabet[(31 - total % 31) % 31]


def test_a_code_that_was_stored_as_a_number_is_refused_because_its_end_is_lost():
    assert "末尾几位已经丢失" in str(refusal(5.23101e17).message)


@pytest.mark.parametrize(
    "typed",
    [
        IDENTITY_NUMBER,
        "身份证：" + IDENTITY_NUMBER,
        "310101 19900101 0011",
        "３１０１０１１９９００１０１００１１",
        "31010119900101001X",
        "31010119900101001x",
        IDENTITY_NUMBER + " 13800000000",
        310101199001010011,
        3.10101199001010e17,
    ],
)
def test_an_identity_number_is_refused_wherever_it_stands(typed: Cell):
    with pytest.raises(CellProblem) as caught:
        refuse_identity_number(typed)
    assert "这一列不能填" in str(caught.value.message)
    assert "“身份证号”一列" in str(caught.value.remedy)


def test_an_identity_number_inside_a_longer_number_is_found_by_its_check_digit():
    right = "31010119900101001"
    with pytest.raises(CellProblem):
        refuse_identity_number("201031110" + right + check_of(right))


def test_an_identity_number_is_never_shown_in_full():
    with pytest.raises(CellProblem) as caught:
        refuse_identity_number("编号" + IDENTITY_NUMBER)
    assert caught.value.shown_as == "310*************11"
    assert without_identity_number("编号" + IDENTITY_NUMBER) == "310*************11"


@pytest.mark.parametrize(
    "typed",
    [
        "示例-0001",
        RIGHT_CODE,
        "201031012345",
        "13800000000",
        "310101",
        "20190101201901012019",
        20240301.0,
        "",
    ],
)
def test_other_numbers_are_no_identity_numbers(typed: Cell):
    refuse_identity_number(typed)
    assert without_identity_number(typed) == typed
