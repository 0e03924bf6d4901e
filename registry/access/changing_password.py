"""A new password: the rules, the ones before it, and the end of every other stay."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Account, FormerPassword, SignIn
from registry.access.password_rules import FIELD, refuse_weak, words_of
from registry.access.passwords import hash_password, matches
from registry.access.recording import record_of_account
from registry.access.sign_ins import end_all
from registry.access.strictness import PasswordRules, Strictness
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.trail import Trail
from registry.errors import InvalidInput
from registry.messages import N_, message


def set_password(
    session: Session,
    account: Account,
    password: str,
    *,
    at: datetime,
    strictness: Strictness,
    trail: Trail,
    places: Iterable[str] = (),
    staying: SignIn | None = None,
) -> None:
    """The person's own new password; InvalidInput names the rule that it breaks. Every stay but `staying` ends."""
    rules = strictness.password
    refuse_weak(password, rules, words_of(account, places))
    _refuse_former(session, account, password, rules)
    if account.password_hash != NO_PASSWORD:
        session.add(
            FormerPassword(account_id=account.id, password_hash=account.password_hash, replaced_at=at)
        )
    account.password_hash = hash_password(password)
    account.password_set_at, account.password_is_initial = at, False
    session.flush()
    _sweep(session, account, rules)
    ended = end_all(session, account, at=at, but=staying)
    facts = {"password": "changed", "ended stays": ended}
    record_of_account(session, account, Action.SIGN_IN_KEEP, Result.DONE, at=at, trail=trail, facts=facts)


NO_PASSWORD = "!"  # noqa: S105  # no hash begins so: it matches nothing
"""Stands where an invited person has not chosen a password yet."""


def _refuse_former(session: Session, account: Account, password: str, rules: PasswordRules) -> None:
    before = [account.password_hash, *(former.password_hash for former in _former(session, account))]
    if any(matches(known, password) for known in before[: rules.remembers]):
        sentence = N_("新密码不能与最近 %(count)s 次使用过的密码相同。")
        raise InvalidInput(FIELD, message(sentence, count=rules.remembers))


def _sweep(session: Session, account: Account, rules: PasswordRules) -> None:
    """What is remembered no longer is not kept either: an old hash is one more thing to steal."""
    for former in list(_former(session, account))[max(rules.remembers - 1, 0) :]:
        session.delete(former)
    session.flush()


def _former(session: Session, account: Account) -> Iterable[FormerPassword]:
    of_account = sa.select(FormerPassword).where(FormerPassword.account_id == account.id)
    return session.scalars(of_account.order_by(FormerPassword.replaced_at.desc(), FormerPassword.id.desc()))
