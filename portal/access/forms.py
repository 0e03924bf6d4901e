"""What is typed at the door."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from registry.access.operations import LONGEST_NAME


def stripped(text: str | None) -> str | None:
    """Without the blanks that come along when a name is pasted."""
    return text.strip() if text else text


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Name and password; both may be pasted or filled in by a password manager."""

    username = StringField(
        _l("用户名"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请填写用户名。")),
            Length(max=LONGEST_NAME, message=_l("用户名不超过80个字符。")),
        ],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("密码"),
        validators=[DataRequired(_l("请填写密码。")), Length(max=200, message=_l("密码不超过200个字符。"))],
        render_kw={"autocomplete": "current-password"},
    )
