"""Setting a password and enrolling an authenticator, at the door and later on."""

from flask import Response, current_app
from flask_babel import gettext as _

from portal.access.forms import FactorForm, NewPasswordForm
from portal.extensions import db
from portal.formatting import spoken_message
from portal.frame import PRODUCTS, place_name
from portal.htmx import render_page
from portal.security import current_trail
from portal.sessions import current_sealer, current_strictness
from portal.settings import Settings
from registry.access.changing_password import set_password
from registry.access.factors import Offer, enrol_factor, offer_factor, offered
from registry.access.models import Account
from registry.access.secrets import CannotUnseal
from registry.access.sign_ins import Stay, prove
from registry.access.totp import address_of
from registry.clock import utc_now
from registry.errors import InvalidInput

GROUP = 4
QUIET = 4
"""Modules of white around a QR (ISO/IEC 18004)."""


def new_password_set(stay: Stay, form: NewPasswordForm) -> bool:
    """The new password is in force; otherwise the form says which rule it breaks. The caller commits."""
    try:
        set_password(
            db.session(),
            stay.account,
            str(form.password.data),
            at=utc_now(),
            strictness=current_strictness(),
            trail=current_trail(),
            places=places_of(stay.account),
            staying=stay.sign_in,
        )
    except InvalidInput as error:
        form.password.errors = [spoken_message(error.message) if error.message else ""]
        return False
    return True


def places_of(account: Account) -> list[str]:
    """Names of places that the account's passwords must not be made of."""
    name = place_name(account.division_code)
    return [name] if name else []


def enrolled(stay: Stay, form: FactorForm) -> list[str]:
    """The recovery codes of the authenticator that was just put to use; none where its code was wrong."""
    at, sealer = utc_now(), current_sealer()
    try:
        offer = offered(stay.account, str(form.sealed.data), sealer)
        codes = enrol_factor(
            db.session(),
            stay.account,
            offer,
            str(form.code.data),
            at=at,
            sealer=sealer,
            trail=current_trail(),
        )
    except CannotUnseal:
        form.sealed.data = ""
        form.code.errors = [_("页面已失效，请重新扫描下面的二维码。")]
        return []
    except InvalidInput as error:
        form.code.errors = [spoken_message(error.message) if error.message else ""]
        return []
    prove(stay, at=at, with_factor=True)
    return codes


def factor_page(form: FactorForm, account: Account, *, target: str, is_arriving: bool) -> Response:
    """Shows the secret as a QR and as text; the same one again after a wrong code."""
    offer = _offer_again(form, account)
    form.sealed.data = offer.sealed
    form.code.data = ""
    matrix = _matrix(address_of(offer.secret, issuer=_issuer(), name=account.username))
    return render_page(
        "access/factor.html",
        form=form,
        target=target,
        is_arriving=is_arriving,
        drawing=_path(matrix),
        side=len(matrix) + 2 * QUIET,
        secret=" ".join(offer.secret[at : at + GROUP] for at in range(0, len(offer.secret), GROUP)),
    )


def _offer_again(form: FactorForm, account: Account) -> Offer:
    try:
        return offered(account, str(form.sealed.data or ""), current_sealer())
    except CannotUnseal:
        return offer_factor(account, current_sealer())


def _issuer() -> str:
    settings: Settings = current_app.extensions["settings"]
    return PRODUCTS["zh"] + ("（示例）" if settings.is_demo else "")


def _matrix(text: str) -> list[list[bool]]:
    import segno

    return [[bool(module) for module in row] for row in segno.make(text, error="m", micro=False).matrix]


def _path(matrix: list[list[bool]]) -> str:
    """The dark modules as one SVG path."""
    return "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, is_dark in enumerate(row)
        if is_dark
    )
