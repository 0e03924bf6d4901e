"""From refusals and failures to pages: what happened, whether data are safe, what to do next.

The registry raises and knows no statuses; the one table is here.
"""

from dataclasses import dataclass

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError, Unauthorized

from portal.access.arriving import page_of
from portal.access.proving import proof_page
from portal.extensions import READING_METHODS, begin_writing, db
from portal.formatting import language, spoken_message
from portal.frame import PRODUCTS
from portal.headers import ForeignRequest
from portal.htmx import is_htmx
from portal.preferences import INTERFACE
from portal.security import current_trail, policy_of, signed_in_actor
from portal.sessions import Arriving, current_person
from portal.workflow.inbox import page_of_subject
from registry.access.actors import Actor
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.clock import utc_now
from registry.errors import (
    AlreadyFrozen,
    AlreadySigned,
    CannotIssue,
    ExportTooLarge,
    FileNotKept,
    InvalidInput,
    KeyReused,
    NotAllowed,
    NotFrozen,
    NotVisible,
    ProofTooOld,
    ReasonMissing,
    Refusal,
    RequirementUnmet,
    StaleVersion,
    StepNotOpen,
    TooManyExports,
    UnknownDivision,
    UnknownFigure,
    UnknownParameter,
)

LONGEST_CODE = 200
"""Characters of an address that the trail keeps: an address may be longer than any code."""

STATUSES: dict[type[Refusal], int] = {
    NotVisible: 404,
    UnknownDivision: 404,
    UnknownFigure: 404,
    NotAllowed: 403,
    ExportTooLarge: 403,
    TooManyExports: 429,
    ProofTooOld: 401,
    StepNotOpen: 409,
    StaleVersion: 409,
    KeyReused: 409,
    AlreadyFrozen: 409,
    AlreadySigned: 409,
    NotFrozen: 409,
    InvalidInput: 400,
    ReasonMissing: 400,
    RequirementUnmet: 409,
    CannotIssue: 503,
    FileNotKept: 404,
    UnknownParameter: 500,
}
"""A refusal that is not listed takes the status of its nearest base; the base itself is a 400."""


@dataclass(frozen=True)
class Explanation:
    """One error page."""

    title: LazyString
    happened: LazyString
    safety: LazyString
    remedy: LazyString


NOTHING_CHANGED = _l("没有任何数据被更改。")

EXPLANATIONS: dict[int, Explanation] = {
    400: Explanation(
        _l("这个请求无法处理"),
        _l("地址或提交的内容有缺失或不正确。"),
        NOTHING_CHANGED,
        _l("请返回上一步检查填写的内容，再试一次。"),
    ),
    401: Explanation(
        _l("请重新登录"),
        _l("您尚未登录，或登录已过期。"),
        _l("刚才提交的内容没有保存；返回上一步仍可看到您填写的内容。"),
        _l("请先在新窗口登录，再返回上一步，核对填写的内容后重新提交。"),
    ),
    403: Explanation(
        _l("您不能执行此操作"),
        _l("您可以查看这项内容，但这一步由其他岗位办理。"),
        NOTHING_CHANGED,
        _l("如需办理，请联系有权限的同事或本单位管理员。"),
    ),
    404: Explanation(
        _l("未找到，或您无权查看"),
        _l("没有这个页面或记录，或者它不在您的权限范围内。"),
        NOTHING_CHANGED,
        _l("请检查网址是否完整，或从首页重新进入。"),
    ),
    405: Explanation(
        _l("不支持这种访问方式"),
        _l("这个地址不能这样打开，可能是提交之后又直接访问了它。"),
        NOTHING_CHANGED,
        _l("请从首页重新进入相应页面。"),
    ),
    409: Explanation(
        _l("内容已有变化，这一步没有执行"),
        _l("在您操作期间，这项内容被其他人更改，或已进入下一环节。"),
        _l("您的这次提交没有保存，别人的更改不受影响。"),
        _l("请返回上一步，刷新后查看最新内容，再决定是否继续。"),
    ),
    413: Explanation(
        _l("上传的内容过大"),
        _l("单个文件不能超过20MB，一次提交的文字不能超过1MB；这次提交超过了，没有接收。"),
        NOTHING_CHANGED,
        _l("照片请缩小尺寸后另存，扫描件请降低分辨率或拆成几份，再返回上一步重新选择文件。"),
    ),
    429: Explanation(
        _l("操作过于频繁"),
        _l("短时间内的请求太多，系统暂时不再处理。"),
        NOTHING_CHANGED,
        _l("请稍等几分钟再试。"),
    ),
    500: Explanation(
        _l("系统出现故障"),
        _l("系统在处理您的请求时出错，故障已记入运行日志。"),
        _l("这次操作没有完成，也没有保存一半的数据；之前已保存的内容不受影响。"),
        _l("请稍后再试；如果仍然出错，请把下面的请求编号告诉值班人员。"),
    ),
    503: Explanation(
        _l("现在办不了这一步"),
        _l("服务器缺少办理这一步所需的条件。"),
        NOTHING_CHANGED,
        _l("请把上面的说明告诉系统管理员，处理好后再试。"),
    ),
}

CSRF_EXPLANATION = Explanation(
    _l("表单已失效，请重新提交"),
    _l("页面打开的时间过长，或登录状态在此期间发生了变化。"),
    _l("刚才提交的内容没有保存；返回上一步仍可看到您填写的内容。"),
    _l("请返回上一步，核对填写的内容后重新提交；仍不成功时先记下内容，再刷新页面。"),
)


def handle_errors(app: Flask) -> None:
    """Registers the handlers; whatever else is raised becomes the 500 page."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(StaleDataError, overtaken)
    app.register_error_handler(CSRFError, form_expired)
    app.register_error_handler(ForeignRequest, form_expired)
    app.register_error_handler(Unauthorized, not_signed_in)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(InternalServerError, failed)


def refused(error: Refusal) -> ResponseReturnValue:
    """The domain said no. Being refused a record or an act leaves an entry in the trail."""
    status = status_of(error)
    actor = signed_in_actor()
    if isinstance(error, NotVisible | NotAllowed | TooManyExports) and actor is not None:
        record_refusal(actor)
    happened = spoken_message(error.message) if error.message else None
    if wants_json():
        return as_json(status, EXPLANATIONS[status], happened, parameter=getattr(error, "field", None))
    return explained(status, EXPLANATIONS[status], happened, record_url=_page_of(error))


def _page_of(error: Refusal) -> str:
    """Where the record now stands, of a step that came too late; empty where it has no page."""
    subject = error.subject if isinstance(error, StepNotOpen) else None
    return page_of_subject(subject.type, subject.code) if subject is not None else ""


def overtaken(_error: StaleDataError) -> ResponseReturnValue:
    """Two people changed one record at once; the version column let the first one win."""
    db.session.rollback()
    return explained(409, EXPLANATIONS[409])


def form_expired(error: HTTPException) -> ResponseReturnValue:
    """A form without its token, or from another site. Whoever was signed out meanwhile is told that instead."""
    if isinstance(error, CSRFError) and asks_for_sign_in() and signed_in_actor() is None:
        return explained(401, EXPLANATIONS[401])
    return explained(400, CSRF_EXPLANATION)


def asks_for_sign_in() -> bool:
    """Whether the address is one that nobody reaches without signing in."""
    policy = policy_of(current_app, request.endpoint) if request.endpoint else None
    return policy is not None and policy.action is not None


def not_signed_in(_error: Unauthorized) -> ResponseReturnValue:
    """Pages lead to the door and back; scripts and the API are told 401; a form is asked for a proof and goes on."""
    person = current_person()
    if is_htmx() or wants_json():
        return explained(401, EXPLANATIONS[401])
    if request.method not in READING_METHODS:
        return proof_page() or explained(401, EXPLANATIONS[401])
    target = request.full_path.rstrip("?")
    if isinstance(person, Arriving):
        return redirect(page_of(person.owes, target), code=303)
    return redirect(url_for("access.sign_in", next=target), code=303)


def http_error(error: HTTPException) -> ResponseReturnValue:
    """What the web server itself refuses."""
    status = error.code or 500
    if status < 400:
        return error
    answer = explained(status, EXPLANATIONS.get(status, EXPLANATIONS[400 if status < 500 else 500]))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = value  # Allow, Retry-After
    return answer


def failed(_error: InternalServerError) -> ResponseReturnValue:
    """Something is broken: say so without the database, the session or the page frame. Flask has logged the cause."""
    if wants_json():
        return as_json(500, EXPLANATIONS[500])
    page = current_app.jinja_env.get_template("errors/failure.html")
    return page.render(
        explanation=EXPLANATIONS[500],
        request_id=request_id(),
        nonce=g.get("nonce", ""),
        product=PRODUCTS[language()],
        html_lang="zh-CN" if language() == "zh" else "en",
    ), 500


def explained(
    status: int, explanation: Explanation, happened: str | None = None, record_url: str = ""
) -> Response:
    """The page, or its facts as JSON where a program asked."""
    if wants_json():
        return as_json(status, explanation, happened)
    page = render_template(
        "errors/error.html",
        explanation=explanation,
        happened=happened,
        record_url=record_url,
        request_id=request_id(),
        is_signed_out=status == Unauthorized.code,
    )
    return make_response(page, status)


def as_json(
    status: int, explanation: Explanation, happened: str | None = None, *, parameter: str | None = None
) -> Response:
    """What a program is told; `parameter` is the one to mend, where the address was refused."""
    named = {"parameter": parameter} if parameter else {}
    message = happened or str(explanation.happened)
    answer = jsonify(error=str(explanation.title), message=message, request_id=request_id(), **named)
    answer.status_code = status
    return answer


def status_of(error: Refusal) -> int:
    """The status of the refusal's class or of its nearest base."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 400)


def wants_json() -> bool:
    """Whether a program asks."""
    return request.path.startswith(INTERFACE)


def request_id() -> str:
    """What the person can tell the duty officer, and what the log says."""
    return str(g.get("request_id", ""))


def record_refusal(actor: Actor, **facts: str) -> None:
    """In a transaction of its own: whatever the refused act had begun is rolled back first."""
    begin_writing()
    policy = policy_of(current_app, request.endpoint) if request.endpoint else None
    action: Action | None = policy.action if policy else None
    trail = current_trail()
    record_entry(
        db.session(),
        trail=trail,
        at=utc_now(),
        actor_code=actor.code,
        actor_name=actor.name,
        action=action.value if action else "",
        result=Result.REFUSED,
        subject_type=request.endpoint or "",
        subject_code=next(iter(str(value) for value in (request.view_args or {}).values()), "")[
            :LONGEST_CODE
        ],
        division_code=actor.division_code,
        facts={"method": request.method, **facts},
    )
    db.session.commit()
