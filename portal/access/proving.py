"""Proving again who sits there, in place: after the stay was over, and before a sensitive act.

The page in between is a form to the very address that was refused. It carries what was typed and asks for the password
or the code beside it; the proof is taken before the view runs, and the view then handles the form as if nothing had
happened. Nothing is kept on the server, no redirect leads into a part of a page, and it works without scripts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, g, request
from flask_babel import gettext as _

from portal.access.forms import ProofForm
from portal.access.knocking import source_of
from portal.access.routes import welcomed
from portal.access.words import why_not
from portal.extensions import READING_METHODS, db
from portal.htmx import render_page
from portal.security import current_trail, policy_of
from portal.sessions import (
    SignedIn,
    begin_session,
    current_person,
    current_sealer,
    current_strictness,
    renew_session,
    whose_session,
)
from registry.access.factors import factor_of
from registry.access.locking import Attempt
from registry.access.models import Account
from registry.access.operations import prove_account, sign_in_account
from registry.access.sign_ins import Stay, prove
from registry.clock import utc_now

PASSWORD, CODE = "proof_password", "proof_code"
TOKEN = "csrf_token"  # noqa: S105  # the name of a field
NEVER_CARRIED = frozenset({PASSWORD, CODE, TOKEN, "password", "again", "current"})
"""What is never sent back to a browser."""


@dataclass(frozen=True)
class Proof:
    """What was typed to prove it."""

    password: str
    code: str


def take_proofs(app: Flask) -> None:
    """Before the view of a guarded endpoint runs, and after the token of the form was checked."""

    @app.before_request
    def take() -> None:
        is_form = request.method not in READING_METHODS and not {PASSWORD, CODE}.isdisjoint(request.form)
        policy = policy_of(app, request.endpoint) if request.endpoint else None
        if is_form and policy is not None and policy.action is not None:
            g.proof_refused = take_proof(typed_proof(), whose_session())


def typed_proof() -> Proof:
    """From the form of the page or of the dialog."""
    return Proof(request.form.get(PASSWORD, ""), request.form.get(CODE, "").strip())


def take_proof(proof: Proof, author: Account | None) -> str:
    """Lets the author of the page go on; a sentence where the proof was refused, which is counted."""
    person = current_person()
    if isinstance(person, SignedIn):
        return proven_again(cast(Stay, person.stay), proof)
    return "" if author is None else signed_in_again(author, proof)


def proven_again(stay: Stay, proof: Proof) -> str:
    """The stay goes on, fresh and under another id."""
    at, account = utc_now(), stay.account
    attempt = prove_account(
        db.session(),
        account,
        password=None if stay.has_factor else proof.password,
        code=proof.code if stay.has_factor else None,
        at=at,
        sealer=current_sealer(),
        trail=current_trail(),
        source=source_of(account.username),
    )
    if attempt.account is not None:
        prove(stay, at=at, with_factor=stay.has_factor)
        renew_session()
    return concluded(attempt)


def signed_in_again(account: Account, proof: Proof) -> str:
    """A new stay of the same person."""
    at, session, source = utc_now(), db.session(), source_of(account.username)
    attempt = sign_in_account(
        session,
        account.username,
        proof.password,
        at=at,
        strictness=current_strictness(),
        trail=current_trail(),
        source=source,
    )
    has_factor = factor_of(session, account) is not None
    if attempt.account is not None and has_factor:
        attempt = prove_account(
            session,
            account,
            code=proof.code,
            at=at,
            sealer=current_sealer(),
            trail=current_trail(),
            source=source,
        )
    if attempt.account is None:
        return concluded(attempt)
    owed = begin_session(account, source)
    if has_factor:
        prove(cast(Stay, stay_now()), at=at, with_factor=True)
        owed = renew_session()
    if owed is None:
        welcomed(account)
    return concluded(attempt)


def stay_now() -> Stay | None:
    """The stay that this request holds by now."""
    person = current_person()
    return person.stay if person is not None else None


def concluded(attempt: Attempt) -> str:
    """What was counted or begun is kept, whatever becomes of the form."""
    db.session.commit()
    if attempt.account is not None:
        return ""
    return why_not(attempt, _("密码或验证码不正确，请重新输入。"), at=utc_now())


def proof_page() -> Response | None:
    """The page in between; None where nobody knows who typed the form, or where it holds a file."""
    person, author = current_person(), whose_session()
    if author is None or request.method in READING_METHODS or any(carried_files()):
        return None
    form = ProofForm(formdata=None)
    refused = g.get("proof_refused", "")
    if refused:
        form.form_errors = [refused]
    has_factor = factor_of(db.session(), author) is not None
    is_signed_in = isinstance(person, SignedIn)
    return render_page(
        "access/proof.html",
        status=401,
        form=form,
        author=author.name,
        carried=list(carried()),
        action=request.full_path.rstrip("?"),
        asks_password=not (is_signed_in and has_factor),
        asks_code=has_factor,
        is_signed_in=is_signed_in,
    )


def carried() -> Iterator[tuple[str, str]]:
    """What was typed, as it was typed."""
    return ((name, value) for name, value in request.form.items(multi=True) if name not in NEVER_CARRIED)


def carried_files() -> Iterator[str]:
    """A browser does not let a page choose its files."""
    return (str(file.filename) for file in request.files.values() if file.filename)
