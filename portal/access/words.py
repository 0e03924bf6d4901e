"""What the door says: the same words whoever knocks, and until when it stays closed."""

from datetime import datetime

from flask import flash
from flask_babel import gettext as _

from portal.formatting import moment
from portal.sessions import current_strictness
from registry.access.locking import LOCKED, Attempt, Closed
from registry.access.models import Account
from registry.access.password_rules import days_left


def why_not(attempt: Attempt, wrong: str, *, at: datetime) -> str:
    """Why nobody was let in; `wrong` where what was typed was read and did not fit."""
    if attempt.closed is None:
        return wrong
    if attempt.closed.reason == LOCKED:
        return locked_sentence(attempt.closed)
    return wrong if attempt.was_read else early_sentence(attempt.closed, at)


def locked_sentence(closed: Closed) -> str:
    """Says until when, and that only this place is closed."""
    sentence = _(
        "连续输错次数过多，为保护账号，在这里的登录暂停至 %(time)s。您在其他电脑上的登录不受影响。",
        time=moment(closed.until),
    )
    return str(sentence)


def early_sentence(closed: Closed, at: datetime) -> str:
    """Whole seconds, rounded up."""
    seconds = max(1, -int(-(closed.until - at).total_seconds() // 1))
    return str(_("上次输入有误，请等待 %(count)s 秒后再试。", count=seconds))


def warn_of_expiry(account: Account, *, at: datetime) -> None:
    """Said once after signing in, from two weeks before."""
    days = days_left(account, current_strictness(), at=at)
    if days is not None:
        flash(_("您的密码将在 %(count)s 天内到期，请在“我的登录”中修改。", count=days + 1))
