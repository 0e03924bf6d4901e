"""Writes of accounts. Signing in and failing to are entries of the trail."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.access.changing_password import NO_PASSWORD
from registry.access.factors import factor_passes
from registry.access.locking import Attempt, Closed, counters_of
from registry.access.models import Account, CodePurpose, Position, Role, SignIn
from registry.access.one_time_codes import issue_code
from registry.access.password_rules import is_first_one_over, refuse_weak, words_of
from registry.access.passwords import hash_password, matches
from registry.access.positions import Charge, give_position, refuse_misplaced
from registry.access.queries import account_by_username, roles_of_person
from registry.access.recording import record_of_account
from registry.access.roles import ADMINISTRATORS
from registry.access.secrets import Sealer
from registry.access.sign_ins import end_all, end_own
from registry.access.sources import NOWHERE, Source
from registry.access.strictness import Strictness
from registry.actions import Action, Deed
from registry.audit.models import Result
from registry.audit.trail import Trail
from registry.clock import today
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

    @property
    def charge(self) -> Charge:
        """Its first position."""
        return Charge(self.role, self.division_code, self.organisation)


def open_account(
    session: Session, new: NewAccount, *, password: str, at: datetime, strictness: Strictness, trail: Trail
) -> Account:
    """Let a person sign in with a first password, which he changes; InvalidInput where name or password will not do."""
    account = create_account(session, new, at=at, on=today(at))
    refuse_weak(password, strictness.password, words_of(account))
    account.password_hash = hash_password(password)
    account.password_set_at, account.password_is_initial = at, True
    record_of_account(session, account, Action.ACCOUNT_OPEN, Result.DONE, at=at, trail=trail)
    return account


def invite_account(session: Session, new: NewAccount, *, at: datetime, trail: Trail, by: str = "") -> str:
    """Open an account without a password and give back the one-time code with which its person chooses one."""
    account = create_account(session, new, at=at, on=today(at))
    return issue_code(session, account, CodePurpose.PASSWORD, at=at, trail=trail, by=by)


def refuse_username(session: Session, username: str) -> None:
    """InvalidInput where it cannot be typed at the door, or somebody has it."""
    if not _can_be_typed(username):
        raise InvalidInput(
            "username", message(N_("用户名应为1至%(count)s个字符，前后没有空格。"), count=LONGEST_NAME)
        )
    if account_by_username(session, username) is not None:
        raise InvalidInput("username", message(N_("用户名“%(name)s”已被使用，请换一个。"), name=username))


def create_account(session: Session, new: NewAccount, *, at: datetime, on: date) -> Account:
    """An account without a password, which holds its first position from that day on."""
    refuse_username(session, new.username)
    if _mixes_administration(session, new):
        sentence = N_(
            "“%(name)s”已有其他账号：系统、安全、审计管理员须由不同的人担任，也不兼任业务岗位。"
            "请换一人；确系同名的，在姓名后注明以示区别。"
        )
        raise InvalidInput("name", message(sentence, name=new.name))
    refuse_misplaced(new.charge)
    account = Account(
        username=new.username,
        name=new.name,
        password_hash=NO_PASSWORD,
        is_example=new.is_example,
        created_at=at,
    )
    session.add(account)
    give_position(session, account, new.charge, on=on)
    return account


def give_further_position(
    session: Session, account: Account, charge: Charge, *, at: datetime, trail: Trail, by: str
) -> Position:
    """One more position from today on; InvalidInput where he holds it already, or it mixes administration.

    `by` is the code of the account that decides, for the trail.
    """
    on = today(at)
    new = NewAccount(account.username, account.name, charge.role, charge.division_code, charge.organisation)
    if _mixes_administration(session, new):
        sentence = N_("系统、安全、审计管理员须由不同的人担任，也不兼任业务岗位，请另选一人。")
        raise InvalidInput("role", message(sentence))
    known = (charge.role, charge.division_code, charge.organisation)
    held = [(one.role, one.division_code, one.organisation) for one in account.positions_on(on)]
    if known in held:
        raise InvalidInput("role", message(N_("此人已担任这个岗位。")))
    position = give_position(session, account, charge, on=on)
    facts = {"position": position.code, "role": charge.role.value, "given by": by}
    record_of_account(session, account, Action.ACCOUNT_OPEN, Result.DONE, at=at, trail=trail, facts=facts)
    return position


def sign_in_account(
    session: Session,
    username: str,
    password: str,
    *,
    at: datetime,
    strictness: Strictness,
    trail: Trail,
    source: Source = NOWHERE,
) -> Attempt:
    """The account, or nothing where name or password is wrong or the account is closed; each leaves an entry.

    A name that nobody has is treated like any other, and leaves an entry without it: it may be a password typed into
    the wrong box.
    """
    account = account_by_username(session, username)
    counters = counters_of(session, username, source, at=at)
    closed = counters.closed(at=at)
    if closed is not None:
        return _unread(session, account, Deed.SIGN_IN, closed, at=at, trail=trail, source=source)
    is_right = matches(account.password_hash if account else None, password)
    if account is None or not is_right or not _may_come(account, strictness, at=at):
        counters.note_failure(at=at)
        _record(session, account, Deed.SIGN_IN, Result.REFUSED, at=at, trail=trail, source=source)
        return Attempt(closed=counters.closed(at=at))
    counters.forget()
    account.signed_in_at = at
    _record(session, account, Deed.SIGN_IN, Result.DONE, at=at, trail=trail, source=source)
    return Attempt(account)


def prove_account(
    session: Session,
    account: Account,
    *,
    password: str | None = None,
    code: str | None = None,
    at: datetime,
    sealer: Sealer,
    trail: Trail,
    source: Source = NOWHERE,
) -> Attempt:
    """Whoever is in, or half in, proves again who he is, with what is given; guessing is stopped as at the door."""
    counters = counters_of(session, f"proof {account.username}", source, at=at)
    closed = counters.closed(at=at)
    if closed is not None:
        return _unread(session, account, Action.SIGN_IN_KEEP, closed, at=at, trail=trail, source=source)
    is_right = password is not None or code is not None
    if password is not None:
        is_right = matches(account.password_hash, password)
    if code is not None:
        is_right = is_right and factor_passes(session, account, code, at=at, sealer=sealer) is not None
    if not is_right or not account.is_active:
        counters.note_failure(at=at)
        _record(session, account, Action.SIGN_IN_KEEP, Result.REFUSED, at=at, trail=trail, source=source)
        return Attempt(closed=counters.closed(at=at))
    counters.forget()
    _record(session, account, Action.SIGN_IN_KEEP, Result.DONE, at=at, trail=trail, source=source)
    return Attempt(account)


def end_stays(
    session: Session,
    account: Account,
    *,
    at: datetime,
    trail: Trail,
    one: str = "",
    but: SignIn | None = None,
) -> int:
    """Ends the stay with the code `one`, or every stay but one, wherever the browsers are; how many there were."""
    count = int(end_own(session, account, one, at=at)) if one else end_all(session, account, at=at, but=but)
    if count:
        facts = {"ended stays": count}
        record_of_account(session, account, Action.SIGN_IN_KEEP, Result.DONE, at=at, trail=trail, facts=facts)
    return count


def sign_out_account(session: Session, account: Account, *, at: datetime, trail: Trail) -> None:
    """Remember when somebody left."""
    record_of_account(session, account, Deed.SIGN_OUT, Result.DONE, at=at, trail=trail)


def _mixes_administration(session: Session, new: NewAccount) -> bool:
    """Whether one person would hold an administrator's post beside another post."""
    held = roles_of_person(session, new.name) - {new.role}
    return bool(held & ADMINISTRATORS or (held and new.role in ADMINISTRATORS))


def _may_come(account: Account, strictness: Strictness, *, at: datetime) -> bool:
    holds_any = bool(account.positions_on(today(at)))
    return account.is_active and holds_any and not is_first_one_over(account, strictness, at=at)


def _can_be_typed(username: str) -> bool:
    """The sign-in page strips blanks and takes no more."""
    return username.isprintable() and 0 < len(username.strip()) == len(username) <= LONGEST_NAME


def _unread(
    session: Session,
    account: Account | None,
    action: str,
    closed: Closed,
    *,
    at: datetime,
    trail: Trail,
    source: Source,
) -> Attempt:
    _record(session, account, action, Result.REFUSED, at=at, trail=trail, source=source, reason=closed.reason)
    return Attempt(closed=closed, was_read=False)


def _record(
    session: Session,
    account: Account | None,
    action: str,
    result: Result,
    *,
    at: datetime,
    trail: Trail,
    source: Source,
    reason: str = "",
) -> None:
    record_of_account(session, account, action, result, at=at, trail=trail, reason=reason, facts=source.facts)
