"""What a password must be in each profile; the expected refusals were written down from the table of controls."""

import pytest
from sqlalchemy.orm import Session

from registry.access.guessable import is_guessable
from registry.access.models import Role
from registry.access.password_rules import refuse_weak, words_of
from registry.access.strictness import (
    ADMINISTRATORS,
    ASVS,
    DEMO,
    DENGBAO3,
    STRICTNESS,
    Strictness,
)
from registry.errors import InvalidInput
from tests.factories import make_account, make_organisation


@pytest.mark.parametrize(
    ("strictness", "password", "refusal"),
    [
        (DENGBAO3, "Kx9#mQ2!v", "至少需要 10 位"),
        (DENGBAO3, "Kx9#mQ2!vT", None),
        (DENGBAO3, "kx9mq2vtzb", "至少 3 种"),
        (DENGBAO3, "Kx9mQ2vTzb", None),
        (DENGBAO3, "密码Kx9这样长的句子", None),
        (DENGBAO3, "Ab1!Ab1!Ab1!", "7 个不同"),
        (DENGBAO3, "x" * 124 + "Kx9#m", "不超过 128 位"),
        (DENGBAO3, "Zj4%" * 16 + "wR7&hLq2" * 8, None),
        (DENGBAO3, "Qwerty123456!", "容易被猜到"),
        (DENGBAO3, "Woaini1314520!", "容易被猜到"),
        (DENGBAO3, "Minzhengju@2026", "容易被猜到"),
        (ASVS, "kx9mq2vtzbwhpd", "至少需要 15 位"),
        (ASVS, "correct horse battery staple", None),
        (ASVS, "1qaz2wsx3edc4rfv", "容易被猜到"),
        (ASVS, "passwordstandard", "容易被猜到"),
        (ASVS, "111222333444555", "容易被猜到"),
        (DEMO, "jingkangtong-demo", None),
        (DEMO, "short", "至少需要 10 位"),
    ],
)
def test_a_password_is_taken_or_refused_by_name(
    strictness: Strictness, password: str, refusal: str | None
) -> None:
    if refusal is None:
        refuse_weak(password, strictness.password)
        return
    with pytest.raises(InvalidInput, match=refusal):
        refuse_weak(password, strictness.password)


COMMONEST_OF_FIFTEEN = (
    "123456789987654321 1qaz2wsx3edc4rfv qazwsxedcrfvtgb 123456789qwerty 12345678900987654321 qwerty123456789 "
    "12345678987654321 q1w2e3r4t5y6u7i8 1qazxsw23edcvfr4 1234qwerasdfzxcv q1w2e3r4t5y6u7i8o9p0 1234567890qwerty "
    "1234567890987654321 qwertyuiop12345 1234567887654321 111222333444555 zxcvbnm123456789 qwertasdfgzxcvb"
).split()


@pytest.mark.parametrize("password", COMMONEST_OF_FIFTEEN)
def test_what_everybody_types_is_guessable_however_long(password: str) -> None:
    assert is_guessable(password)


@pytest.mark.parametrize(
    "password",
    ["Kx9#mQ2!vT", "correct horse battery staple", "Tr0ubadour&Hut-schnee", "三只猫在屋顶上晒着太阳"],
)
def test_what_nobody_else_types_is_not(password: str) -> None:
    assert not is_guessable(password)


def test_the_own_names_are_guessable(session: Session) -> None:
    organisation = make_organisation(session, name="暖阳康复中心")
    account = make_account(
        session, Role.PROVIDER, name="欧阳小明", username="oyxm", organisation=organisation
    )

    words = words_of(account, ["黄浦区"])

    for password in (
        "OuyangXiaoming#26",
        "Nuanyangkangfuzhongxin1!",
        "Huangpuqu#3101",
        "欧阳小明暖阳康复中心黄浦区1!",
        "Oyxm-2026-oyxm!",
    ):
        assert is_guessable(password, words), password
        assert not is_guessable(password + "Kx9#mQ2!vT", words), password


def test_the_table_of_profiles_is_what_the_controls_say() -> None:
    assert set(STRICTNESS) == {"dengbao3", "asvs", "demo"}
    rules = DENGBAO3.password
    assert (rules.min_length, rules.kinds, rules.distinct, rules.remembers) == (10, 3, 7, 5)
    assert [DENGBAO3.lasts(frozenset({role})).days for role in (Role.CITY, Role.SYSADMIN)] == [90, 60]
    assert (rules.warns_before.days, rules.first_holds.total_seconds()) == (14, 24 * 3600)
    assert [DENGBAO3.stay.idle_of(role).total_seconds() / 60 for role in (Role.CITY, Role.SYSADMIN)] == [
        30,
        15,
    ]
    assert [DENGBAO3.stay.at_once_of(role) for role in (Role.CITY, Role.SYSADMIN)] == [2, 1]
    assert DENGBAO3.stay.longest.total_seconds() == 12 * 3600
    assert DENGBAO3.factor_required_of == set(Role) - {
        Role.STATION,
        Role.PROVIDER,
        Role.CHARITY,
        Role.ASSOCIATION,
    }
    assert ASVS.factor_required_of == set(Role)
    assert ASVS.lasts(frozenset({Role.CITY})) is None
    assert ASVS.password.kinds == 0
    assert not DEMO.factor_required_of
    assert Role.SYSADMIN in ADMINISTRATORS
    assert not ADMINISTRATORS & {
        Role.PROVINCE,
        Role.CITY,
        Role.DISTRICT,
        Role.STREET,
        Role.STATION,
        Role.PROVIDER,
    }
