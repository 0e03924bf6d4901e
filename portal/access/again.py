"""`/sign-in/again`: what a page asks in the background, to sign in again in place and to stay signed in."""

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from portal.access.proving import signed_in_again, take_proof, typed_proof
from portal.extensions import db
from portal.security import public, signed_in_actor
from registry.access.queries import account_by_code

bp = Blueprint("again", __name__, url_prefix="/sign-in")


@bp.get("/token")
@public
def give_token() -> Response:
    """A token for forms; `is_reader` says whether the person whose page asks is still the one who is signed in."""
    actor = signed_in_actor()
    is_reader = actor is not None and actor.code == request.args.get("reader")
    return jsonify(token=generate_csrf(), is_reader=is_reader, is_anybody=actor is not None)


@bp.post("/again")
@public
def sign_in_again() -> tuple[Response, int]:
    """The reader of a page proves himself; whoever else is signed in by now does not get what was typed there."""
    actor, reader = signed_in_actor(), str(request.form.get("reader", ""))
    if actor is not None and actor.code != reader:
        return jsonify(error=_("这个浏览器已由另一个账号登录，本页填写的内容不会提交。")), 409
    account = account_by_code(db.session(), reader)
    if account is None:
        return jsonify(error=_("密码或验证码不正确，请重新输入。")), 403
    proof = typed_proof()
    refused = take_proof(proof, account) if actor is not None else signed_in_again(account, proof)
    now = signed_in_actor()
    if refused or now is None or now.code != reader:
        return jsonify(error=refused or _("请在新窗口完成登录的其余步骤，再回到本页重试。")), 403
    return jsonify(token=generate_csrf()), 200
