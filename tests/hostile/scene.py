"""The scene: what must have happened so that every form stands on some page that somebody reaches.

Everybody has a second stay and knows his password; some have a second factor, others owe something at the door; a file
waits to be loaded, a notice to be read, a number to be signed.
"""

from datetime import timedelta
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from openpyxl import load_workbook
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal import sessions
from portal.demo.accounts import PASSWORD
from portal.sealing import PROVIDER
from registry.access.factors import enrol_factor, offer_factor
from registry.access.models import Account, CodePurpose, Delegation, Extent, Role, SecondFactor, SignIn
from registry.access.one_time_codes import issue_code
from registry.access.passwords import _nobodys_hash, hash_password
from registry.access.secrets import Sealer
from registry.access.sign_ins import begin_sign_in
from registry.access.totp import code_of, step_at
from registry.audit.trail import Trail
from registry.clock import today, utc_now
from registry.organisations.models import Site
from registry.policy.models import FigureSnapshot, Parameter
from registry.reconciliations.models import SourceSystem
from registry.workflow.models import Todo
from registry.workforce.models import Practitioner
from tests.demonstration import Demonstration
from tests.factories import make_account, make_site
from tests.hostile.stage import SECRET, Stage, Visitor
from tests.hostile.waiting import leave_decisions

TRAIL = Trail(SECRET[::-1].encode())
NEW_PASSWORD = "Kx9#mQ2!vTz7"
WITH_FACTOR = (Role.PROVIDER, Role.DISTRICT)
NOBODY, OWES_CODE, OWES_PASSWORD, OWES_FACTOR = "nobody", "owes a code", "owes a password", "owes a factor"
STANDS_IN = "stands in to read"
AT_THE_DOOR = (NOBODY, OWES_CODE, OWES_PASSWORD, OWES_FACTOR)
NARROW = (Role.PROVIDER, Role.STREET, Role.STATION, Role.DISTRICT)
"""Whoever sees little finds a form first: its files and pages are small."""
VISITORS = (
    *AT_THE_DOOR,
    *(role.value for role in (*NARROW, *(role for role in Role if role not in NARROW))),
    STANDS_IN,
)
QUICK_VISITORS = (
    *AT_THE_DOOR,
    *(
        role.value
        for role in (Role.PROVIDER, Role.STATION, Role.CHARITY, Role.STREET, Role.DISTRICT, Role.PROVINCE)
    ),
    *(role.value for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITADMIN)),
    STANDS_IN,
)
"""They find every form that there is."""
KNOWN = {
    "username": ["demo-city"],
    "current": [PASSWORD],
    "proof_password": [PASSWORD],
    "password": [NEW_PASSWORD, PASSWORD],
    "again": [NEW_PASSWORD],
}


def set_scene(stage: Stage, demonstration: Demonstration) -> None:
    """Fills the stage with visitors and whatever they find."""
    hash_again(stage.session)
    for role in Role:
        let_in(stage, role)
    let_stand_at_the_door(stage)
    leave_notices(stage.session)
    hand_over(stage.session)
    let_stand_in(stage)
    open_a_site(stage.session)
    leave_decisions(
        stage.session,
        demo_account(stage.session, Role.DISTRICT),
        demo_account(stage.session, Role.SECADMIN),
        TRAIL,
    )
    stage.session.execute(sa.update(FigureSnapshot).values(signed_at=None, signed_by=None))
    stage.session.commit()
    send_a_file(stage, stage.visitors[Role.DISTRICT], demonstration)
    send_a_long_file(stage, stage.visitors[Role.DISTRICT], demonstration)
    send_foreign_heads(stage, stage.visitors[Role.DISTRICT])
    send_a_known_site(stage, stage.visitors[Role.DISTRICT])
    send_a_conflict(stage, stage.visitors[Role.DISTRICT])
    send_an_export(stage, stage.visitors[Role.DISTRICT], demonstration)


def hash_again(session: Session) -> None:
    """The demonstration's password for everybody, in the hash that costs little."""
    _nobodys_hash.cache_clear()
    cheap = {"password_hash": hash_password(PASSWORD), "password_set_at": utc_now()}
    session.execute(sa.update(Account).values(password_is_initial=False, **cheap))
    session.commit()


def demo_account(session: Session, role: Role) -> Account:
    return session.scalars(sa.select(Account).where(Account.username == f"demo-{role.value}")).one()


def let_in(stage: Stage, role: Role) -> None:
    """The demonstration's account of a role, with two stays, and for some roles an authenticator."""
    account = demo_account(stage.session, role)
    known = dict(KNOWN)
    if role in WITH_FACTOR:
        known["proof_code"] = [give_factor(stage, account)]
    begin_sign_in(stage.session, account, at=utc_now())
    visitor = Visitor(role.value, cookie_of(stage, account), known)
    stage.session.execute(sa.update(SignIn).values(entered_at=SignIn.began_at, factor_at=SignIn.began_at))
    later = utc_now() + timedelta(days=1)
    stage.session.execute(
        sa.update(SignIn).values(last_seen_at=later)
    )  # nobody's presence is noted meanwhile
    stage.visitors[role.value] = visitor


def let_stand_at_the_door(stage: Stage) -> None:
    """Nobody, and three people who gave the right password and owe something more."""
    session, at = stage.session, utc_now()
    facts: dict[str, Any] = {"password_hash": hash_password(PASSWORD), "password_set_at": at}
    with_code = make_account(session, Role.STREET, **facts)
    known = {
        **KNOWN,
        "password": [PASSWORD, NEW_PASSWORD],
        "code": [issue_code(session, with_code, CodePurpose.PASSWORD, at=at, trail=TRAIL)],
    }
    stage.visitors[NOBODY] = Visitor(NOBODY, {}, known)
    owes_code = make_account(session, Role.STREET, **facts)
    codes = [
        give_factor(stage, owes_code),
        issue_code(session, owes_code, CodePurpose.FACTOR, at=at, trail=TRAIL),
    ]
    stage.visitors[OWES_CODE] = Visitor(OWES_CODE, cookie_of(stage, owes_code), {**KNOWN, "code": codes})
    owes_password = make_account(session, Role.CHARITY, password_is_initial=True, **facts)
    stage.visitors[OWES_PASSWORD] = Visitor(OWES_PASSWORD, cookie_of(stage, owes_password), dict(KNOWN))
    owes_factor = make_account(session, Role.HEALTH, **facts)
    stage.visitors[OWES_FACTOR] = Visitor(OWES_FACTOR, cookie_of(stage, owes_factor), dict(KNOWN))


def give_factor(stage: Stage, account: Account) -> str:
    """Enrols an authenticator; the code that it shows now, not used yet."""
    sealer = Sealer(stage.app.extensions[PROVIDER])
    offer, earlier = offer_factor(account, sealer), utc_now() - timedelta(minutes=5)
    code = code_of(offer.secret, step_at(earlier))
    enrol_factor(stage.session, account, offer, code, at=earlier, sealer=sealer, trail=TRAIL)
    stage.session.execute(sa.update(SecondFactor).values(last_step=0))
    return code_of(offer.secret, step_at(utc_now()))


def cookie_of(stage: Stage, account: Account) -> dict[str, str]:
    """What a browser holds after the right password."""
    token = begin_sign_in(stage.session, account, at=utc_now())
    stage.session.commit()
    with stage.app.app_context():
        identity = sessions.Person(account, token).get_id()
    client = stage.app.test_client()
    with client.session_transaction(base_url="https://localhost") as cookie:
        cookie["_user_id"] = identity
    found = client.get_cookie("__Host-session")
    assert found is not None
    return {"__Host-session": found.value}


def leave_notices(session: Session) -> None:
    """Something to be read, and dismissed, in the inbox of every account."""
    for role in Role:
        position = demo_account(session, role).positions[0]
        notice = Todo(
            subject_type="site",
            subject_id=1,
            subject_code="2222222222",
            subject_name="示例服务点",
            title="场所迁入本区，请知悉",
            asked_by="李示例",
            role=role,
            division_code=position.division_code,
            organisation_id=position.organisation_id,
            opened_at=utc_now(),
            is_notice=True,
        )
        session.add(notice)


def hand_over(session: Session) -> None:
    """Two at the street's desk stand in for each other, and a third could."""
    account = demo_account(session, Role.STREET)
    place = account.positions[0].division_code
    colleague, _third = (make_account(session, Role.STREET, division_code=place) for _ in range(2))
    handed_over(session, account, colleague, Extent.FULL)
    handed_over(session, colleague, account, Extent.FULL)


def let_stand_in(stage: Stage) -> None:
    """A colleague of the district's who may only read in its place, and does so."""
    session = stage.session
    account = demo_account(session, Role.DISTRICT)
    at, place = utc_now(), account.positions[0].division_code
    facts = {"password_hash": hash_password(PASSWORD), "password_set_at": at}
    delegate = make_account(session, Role.DISTRICT, division_code=place, **facts)
    delegation = handed_over(session, account, delegate, Extent.READ)
    session.flush()
    visitor = Visitor(STANDS_IN, cookie_of(stage, delegate), dict(KNOWN))
    begin_sign_in(session, delegate, at=at)
    for stay in session.scalars(sa.select(SignIn).where(SignIn.account_id == delegate.id)):
        stay.entered_at = stay.factor_at = stay.began_at
        stay.last_seen_at = at + timedelta(days=1)
        stay.delegation_id = delegation.id
    session.commit()
    stage.visitors[STANDS_IN] = visitor


def handed_over(session: Session, holder: Account, delegate: Account, extent: Extent) -> Delegation:
    """For today and three days more."""
    delegation = Delegation(
        position=holder.positions[0],
        delegate=delegate,
        extent=extent,
        from_on=today(),
        until_on=today() + timedelta(days=3),
        reason="年休假",
        given_at=utc_now(),
    )
    session.add(delegation)
    return delegation


def open_a_site(session: Session) -> None:
    """The provider's others wait for a change of address already."""
    position = demo_account(session, Role.PROVIDER).positions[0]
    assert position.organisation is not None
    make_site(session, position.organisation, division_code=position.division_code, name="示例新开服务点")


def send_a_file(stage: Stage, visitor: Visitor, demonstration: Demonstration) -> None:
    """A roster that is right and waits to be loaded; its page is in the list of loads."""
    file = next(
        path for path in demonstration.samples.iterdir() if "已改正" in path.name and "从业" in path.name
    )
    token = stage.get(visitor, "/sign-in/token").json
    assert token is not None
    data = {"csrf_token": token["token"], "file": (BytesIO(file.read_bytes()), file.name)}
    answer = stage.ask(visitor, "POST", "/intake/practitioners", data=data)
    assert answer.status_code == 303, answer.text[:2000]


def send_a_long_file(stage: Stage, visitor: Visitor, demonstration: Demonstration) -> None:
    """The same, where three rows are many: it waits for a worker, and can be cancelled."""
    of_jobs = Parameter.key == "intake.job_rows"
    usual = stage.session.scalars(sa.select(Parameter.value).where(of_jobs)).one()
    for rows in (3, usual):
        stage.session.execute(sa.update(Parameter).where(of_jobs).values(value=rows))
        stage.session.commit()
        if rows != usual:
            send_a_file(stage, visitor, demonstration)


FOREIGN = (
    "员工编号,员工姓名,出生年,站点,职务,用工方式,服务社区康复,入职日期",
    "示例-901,示例新,1990,,社工,专职,是,2026-01-05",
)
MEANT = "person_no name birth_year site_code profession engagement serves_programme start_on".split()


def send_foreign_heads(stage: Stage, visitor: Visitor) -> None:
    """A list of another system: its heads are matched with ours, and one of its words is still to be."""
    answer = sent(stage, visitor, "\n".join(FOREIGN).encode(), "示例-别处的名册.csv")
    columns = {f"column_{place}": key for place, key in enumerate(MEANT)}
    answer = stage.ask(
        visitor, "POST", answer.headers["Location"], data=columns | {"seen": "0"} | token(stage, visitor)
    )
    assert answer.headers["Location"].endswith("/words"), answer.text[:2000]


def send_a_known_site(stage: Stage, visitor: Visitor) -> None:
    """A site on record at another address, which may be left out."""
    position = demo_account(stage.session, Role.DISTRICT).positions[0]
    site = stage.session.scalars(
        sa.select(Site).where(Site.division_code.startswith(position.division_code)).order_by(Site.id)
    ).first()
    assert site is not None
    row = (site.code, site.organisation.name, site.kind.value, site.division_code, "示例路999号")
    content = "站点编号,机构名称,类型,所在区划,地址\n" + ",".join(row)
    sent(stage, visitor, content.encode(), "示例-已有站点.csv", kind="sites")


def send_a_conflict(stage: Stage, visitor: Visitor) -> None:
    """A file of people that was taken out, and changed here and in the register."""
    purpose = {"reason": "correction", "note": "2026年第四季度核对"}
    asked = token(stage, visitor) | purpose | {"key": "0" * 32}
    answer = stage.ask(visitor, "POST", "/intake/round-trip/practitioners?q=暖阳", data=asked)
    assert answer.status_code == 200, answer.text[:2000]
    book, data = load_workbook(BytesIO(answer.data)), BytesIO()
    number, name = (book.worksheets[0].cell(2, column) for column in (1, 2))
    name.value = "示例改名"
    book.save(data)
    changed = sa.update(Practitioner).where(Practitioner.person_no == number.value)
    stage.session.execute(changed.values(name="示例另改"))
    stage.session.commit()
    sent(stage, visitor, data.getvalue(), "示例-改后导回.xlsx")


def send_an_export(stage: Stage, visitor: Visitor, demonstration: Demonstration) -> None:
    """What another system says: which of its columns is what has still to be told."""
    file = next(path for path in demonstration.samples.iterdir() if "社工登记系统" in path.name)
    system = stage.session.scalars(sa.select(SourceSystem.code).order_by(SourceSystem.id)).first()
    said = {"system": system, "kind": "practitioners", "key": "1" * 32}
    data = token(stage, visitor) | said | {"file": (BytesIO(file.read_bytes()), "示例-新导出.csv")}
    answer = stage.ask(visitor, "POST", "/reconciliations/new", data=data)
    assert answer.headers["Location"].endswith("/columns"), answer.text[:2000]


def sent(
    stage: Stage, visitor: Visitor, content: bytes, name: str, *, kind: str = "practitioners"
) -> TestResponse:
    """The upload of a file."""
    data = token(stage, visitor) | {"file": (BytesIO(content), name), "crs": "wgs84"}
    answer = stage.ask(visitor, "POST", f"/intake/{kind}", data=data)
    assert answer.status_code == 303, answer.text[:2000]
    return answer


def token(stage: Stage, visitor: Visitor) -> dict[str, Any]:
    """What every form carries."""
    found = stage.get(visitor, "/sign-in/token").json
    assert found is not None
    return {"csrf_token": found["token"]}
