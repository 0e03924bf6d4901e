"""Whether a new password may be used: the profile's rules, each refusal with its remedy."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pypinyin import lazy_pinyin

from registry.access.guessable import is_guessable
from registry.access.models import Account
from registry.access.strictness import MAX_LENGTH, PasswordRules, Strictness
from registry.errors import InvalidInput
from registry.messages import N_, Message, message

FIELD = "password"


def refuse_weak(password: str, rules: PasswordRules, words: Iterable[str] = ()) -> None:
    """InvalidInput where the password is too short, too uniform or too easy to guess."""
    if len(password) < rules.min_length:
        _refuse(message(N_("密码至少需要 %(count)s 位。"), count=rules.min_length))
    if len(password) > MAX_LENGTH:
        _refuse(message(N_("密码不超过 %(count)s 位。"), count=MAX_LENGTH))
    if kinds_in(password) < rules.kinds:
        _refuse(
            message(N_("密码须包含大写字母、小写字母、数字、符号中的至少 %(count)s 种。"), count=rules.kinds)
        )
    if len(set(password)) < rules.distinct:
        _refuse(message(N_("密码至少须有 %(count)s 个不同的字符。"), count=rules.distinct))
    if rules.refuses_guessable and is_guessable(password, words):
        _refuse(
            message(N_("密码容易被猜到：请勿主要由常用词、连续字符、年份、姓名拼音、单位或地区名称组成。"))
        )


def kinds_in(password: str) -> int:
    """How many of the four kinds of characters occur; Chinese ones count as other characters."""
    tests = (str.islower, str.isupper, str.isdigit)
    known = sum(any(test(char) for char in password) for test in tests)
    return known + any(not any(test(char) for test in tests) for char in password)


def words_of(account: Account, places: Iterable[str] = ()) -> frozenset[str]:
    """What a guesser knows of the person: the user name, the name and its pinyin, the organisation, the division."""
    held = account.positions
    organisation = [position.organisation.name for position in held if position.organisation]
    written = [account.name, *organisation, *places]
    sounds = ["".join(lazy_pinyin(text)) for text in written]
    parts = [syllable for syllable in lazy_pinyin(account.name) if len(syllable) > 2]
    codes = [position.division_code for position in held]
    return frozenset({account.username, *codes, *written, *sounds, *parts} - {""})


def holds_until(account: Account, strictness: Strictness) -> datetime | None:
    """When the password has to be changed; None where it holds for good. One of unknown age holds no longer."""
    if not strictness.password.expires:
        return None
    lasts = strictness.lasts(frozenset(position.role for position in account.positions))
    if lasts is None:
        return None
    return account.created_at if account.password_set_at is None else account.password_set_at + lasts


def must_be_changed(account: Account, strictness: Strictness, *, at: datetime) -> bool:
    """Whether nothing else may be done before: somebody else knew the password, or its time is over."""
    until = holds_until(account, strictness)
    is_first = account.password_is_initial and strictness.password.replaces_first
    return is_first or (until is not None and until <= at)


def is_first_one_over(account: Account, strictness: Strictness, *, at: datetime) -> bool:
    """A first password that nobody used in time is worth nothing."""
    rules, since = strictness.password, account.password_set_at
    return (
        account.password_is_initial
        and rules.replaces_first
        and (since is None or since + rules.first_holds <= at)
    )


def days_left(account: Account, strictness: Strictness, *, at: datetime) -> int | None:
    """Whole days until the password has to be changed, once that is near enough to warn of."""
    until = holds_until(account, strictness)
    if until is None or until - at > strictness.password.warns_before:
        return None
    return max(0, (until - at) // timedelta(days=1))


def _refuse(sentence: Message) -> None:
    raise InvalidInput(FIELD, sentence)
