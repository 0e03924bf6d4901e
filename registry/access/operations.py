"""Writes of accounts. Signing in and failing to are entries of the trail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from registry.access.actors import ADMINISTRATORS
from registry.access.locking import LOCKED, is_locked
from registry.access.models import Account, Role
from registry.access.passwords import MIN_LENGTH, hash_password, matches
from registry.access.queries import account_by_username, roles_of_person
from registry.actions import Action, Deed
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.organisations.models import Organisation

LONGEST_NAME = 80
"""Characters of a user name: the sign-in page takes no more."""


@dataclass(frozen=True)
class NewAccount:
    """What an account needs; `organisation` for the roles that belong to one."""

    username: str
    name: str
    role: Role
    division_code: str
    organisation: Organisation | None = None
    is_example: bool = False


def open_account(session: Session, new: NewAccount, *, password: str, at: datetime, trail: Trail) -> Account:
    """Let a person sign in; InvalidInput where the name is taken or cannot be typed, or the password too short."""
    if not _can_be_typed(new.username):
        raise InvalidInput(
            "username", message(N_("用户名应为1至%(count)s个字符，前后没有空格。"), count=LONGEST_NAME)
        )
    if account_by_username(session, new.username) is not None:
        raise InvalidInput("username", message(N_("用户名“%(name)s”已被使用，请换一个。"), name=new.username))
    if _mixes_administration(session, new):
        sentence = N_(
            "“%(name)s”已有其他账号：系统、安全、审计管理员须由不同的人担任，也不兼任业务岗位。"
            "请换一人；确系同名的，在姓名后注明以示区别。"
        )
        raise InvalidInput("name", message(sentence, name=new.name))
    if len(password) < MIN_LENGTH:
        raise InvalidInput("password", message(N_("密码至少需要 %(count)s 位。"), count=MIN_LENGTH))
    if (new.role in (Role.STATION, Role.PROVIDER)) != (new.organisation is not None):
        raise InvalidInput(
            "organisation", message(N_("社工站和康复服务机构的账号须属于一家机构，其他账号不属于机构。"))
        )
    account = Account(
        username=new.username,
        name=new.name,
        password_hash=hash_password(password),
        role=new.role,
        division_code=new.division_code,
        organisation=new.organisation,
        is_example=new.is_example,
        created_at=at,
    )
    session.add(account)
    session.flush()  # the trail names the account by the code that the database row was given
    _record(session, account, Action.ACCOUNT_OPEN, Result.DONE, at=at, trail=trail)
    return account


def sign_in_account(
    session: Session, username: str, password: str, *, at: datetime, trail: Trail
) -> Account | None:
    """The account, or nothing where name or password is wrong or the account is closed or locked; all leave an entry.

    A name that nobody has leaves an entry without it: it may be a password typed into the wrong box.
    """
    account = account_by_username(session, username)
    is_right = matches(account.password_hash if account else None, password)
    reason = LOCKED if account is not None and is_locked(session, account, Deed.SIGN_IN, at=at) else ""
    if account is None or not is_right or not account.is_active or reason:
        _record(session, account, Deed.SIGN_IN, Result.REFUSED, at=at, trail=trail, reason=reason)
        return None
    account.signed_in_at = at
    _record(session, account, Deed.SIGN_IN, Result.DONE, at=at, trail=trail)
    return account


def sign_out_account(session: Session, account: Account, *, at: datetime, trail: Trail) -> None:
    """Remember when somebody left."""
    _record(session, account, Deed.SIGN_OUT, Result.DONE, at=at, trail=trail)


def _mixes_administration(session: Session, new: NewAccount) -> bool:
    """Whether one person would hold an administrator's post beside another post."""
    held = roles_of_person(session, new.name) - {new.role}
    return bool(held & ADMINISTRATORS or (held and new.role in ADMINISTRATORS))


def _can_be_typed(username: str) -> bool:
    """The sign-in page strips blanks and takes no more."""
    return username.isprintable() and 0 < len(username.strip()) == len(username) <= LONGEST_NAME


def _record(
    session: Session,
    account: Account | None,
    action: str,
    result: Result,
    *,
    at: datetime,
    trail: Trail,
    reason: str = "",
) -> None:
    record_entry(
        session,
        key=trail.key,
        at=at,
        actor_code=account.code if account else "",
        actor_name=account.name if account else "",
        action=action,
        result=result,
        subject_type="account",
        subject_code=account.code if account else "",
        division_code=account.division_code if account else "",
        facts={},
        reason=reason,
        request_id=trail.request_id,
    )
