"""What is typed at the door."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length

from registry.access.operations import LONGEST_NAME
from registry.access.strictness import MAX_LENGTH

CODE_KEYS = {
    "autocomplete": "one-time-code",
    "autocapitalize": "none",
    "spellcheck": "false",
    "inputmode": "text",
}
TOO_LONG = Length(max=MAX_LENGTH, message=_l("密码不超过128个字符。"))


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
        validators=[DataRequired(_l("请填写密码。")), TOO_LONG],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Six digits of the authenticator, or a recovery code."""

    code = StringField(
        _l("动态验证码"),
        filters=[stripped],
        validators=[DataRequired(_l("请填写验证码。")), Length(max=40, message=_l("验证码不超过40个字符。"))],
        render_kw=CODE_KEYS,
    )


class FactorForm(CodeForm):
    """The first code of a new authenticator, with the sealed secret that the page showed."""

    sealed = HiddenField()


class OneTimeCodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A code that somebody gave the person."""

    code = StringField(
        _l("一次性代码"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请填写一次性代码。")),
            Length(max=40, message=_l("代码不超过40个字符。")),
        ],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


class NewPasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A new password, twice; both may be pasted."""

    password = PasswordField(
        _l("新密码"),
        validators=[DataRequired(_l("请填写新密码。")), TOO_LONG],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("再次输入新密码"),
        validators=[EqualTo("password", _l("两次输入的新密码不一致。"))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    """The password in force first, so that an unattended browser is not enough."""

    current = PasswordField(
        _l("当前密码"),
        validators=[DataRequired(_l("请填写当前密码。")), TOO_LONG],
        render_kw={"autocomplete": "current-password"},
    )


class ProofForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Proves again who sits there; the names are kept apart from those of the form that goes along."""

    proof_password = PasswordField(
        _l("登录密码"), validators=[TOO_LONG], render_kw={"autocomplete": "current-password"}
    )
    proof_code = StringField(_l("动态验证码"), filters=[stripped], render_kw=CODE_KEYS)


class ButtonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Nothing to type: the button is the act."""
