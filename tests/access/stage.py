"""The stage: a portal on a small register in which every role has an account and every relation has its records.

Built once for a worker; what a test does there is rolled back. One browser asks as anybody: it brings the cookie that
belongs to an account and keeps none.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal import create_app, sessions
from portal.documents.files import IssuedFiles
from portal.extensions import db
from portal.intake.files import UploadedFiles
from portal.remembering import add_memory
from portal.sealing import PROVIDER
from portal.settings import Profile, Settings
from registry.access.actors import Actor
from registry.access.delegations import actor_standing_in
from registry.access.models import (
    Account,
    Delegation,
    Extent,
    Position,
    RecoveryCode,
    Role,
    SecondFactor,
    SignIn,
)
from registry.access.permissions import note_table
from registry.access.roles import BUSINESS_ROLES
from registry.access.sign_ins import begin_sign_in
from registry.audit.trail import Trail
from registry.clock import today, utc_now
from registry.documents.models import IssuedDocument
from registry.engine import make_engine
from registry.intake.models import IntakeRun
from registry.organisations.models import Organisation, Site
from registry.policy.loading import load_policy
from registry.policy.operations import freeze_divisions
from registry.workflow.models import Todo
from registry.workforce.models import Practitioner
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.snapshots import readings_on
from tests.access.canaries import SECRETS, Person, Sight, draft_words, tokens_for
from tests.access.geography import (
    DEPUTIES,
    HOMES,
    PROVINCE,
    Relation,
    Spot,
    every_spot,
    role_of,
    spot_of,
    standing_of,
)
from tests.access.ground import Ground, ground_at, lay_out
from tests.access.records import MAKERS, run_file
from tests.compiled import keep_compiled
from tests.factories import make_account, make_major, make_target
from tests.sealing import fixed_keys

SECRET = "a secret that is only good for tests"
ANONYMOUS, CLOSED = "anonymous", "closed"
"""Nobody is signed in; somebody was, and his account was closed since."""
WHO = (*Role, ANONYMOUS, CLOSED, *DEPUTIES)
"""The columns of expected.csv."""


SENDERS = (Role.PROVINCE, Role.CITY, Role.DISTRICT, Role.PROVIDER)
"""Who loads files, and sent one from his own place."""


@dataclass
class Stage:
    """What the tests of permissions need to know of the register that they ask."""

    app: Flask
    home: Path
    engine: sa.Engine
    codes: dict[tuple[type, Spot], str] = field(default_factory=dict)
    keys: dict[tuple[type, Spot], int] = field(default_factory=dict)
    numbers: dict[Spot, str] = field(default_factory=dict)
    """The register number of the person at each spot."""
    people: list[Person] = field(default_factory=list)
    newcomers: dict[Spot, Person] = field(default_factory=dict)
    """Who stands in the file that was sent from a spot."""
    actors: dict[str, Actor] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    """Of each account its own, as it was when the stage was furnished."""
    handovers: dict[str, str] = field(default_factory=dict)
    """By role, what somebody handed over."""
    cookies: dict[str, str] = field(default_factory=dict)
    stays: dict[str, str] = field(default_factory=dict)
    """Of each account a second stay, by its code."""
    notices: dict[tuple[str, Relation], str] = field(default_factory=dict)

    def code(self, model: type, role: str, relation: Relation) -> str:
        """The public code of the record that stands in this relation to a role; a stranger's are the district's."""
        spot = spot_of(standing_of(role), relation)
        return self.codes[model, spot] if spot else ""

    def person_number(self, role: str, relation: Relation) -> str:
        """The register number of the person that stands in this relation to a role."""
        spot = spot_of(standing_of(role), relation)
        return self.numbers[spot] if spot else ""

    @property
    def words(self) -> frozenset[str]:
        """Every word that not everybody may read."""
        people = (*self.people, *self.newcomers.values())
        of_people = {word for one in people for word in one.tokens}
        return frozenset(of_people | {draft_words(one.spot) for one in self.people} | set(SECRETS))

    def readable_by(self, who: str) -> frozenset[str]:
        """Those that an account may come to read: whoever sent a file has it back."""
        role = role_of(who)
        if role is None:
            return frozenset()
        sent = self.newcomers[cast(Spot, spot_of(role, Relation.OWN))].tokens if who in SENDERS else {}
        in_file = {word for word, sight in sent.items() if sight is not Sight.CERTIFICATE}
        return tokens_for(role, self.people) | in_file

    def notice(self, who: str, relation: Relation) -> str:
        """Something to be read in the inbox of a role, or of the same role elsewhere."""
        return self.notices[standing_of(who), relation]

    def position(self, who: str, relation: Relation) -> str:
        """The position of an account, or one of somebody else."""
        return self.positions[
            who if who in self.positions and relation is Relation.OWN else self._stranger(who)
        ].code

    def handover(self, who: str, relation: Relation) -> str:
        """What an account handed over, or what somebody else did."""
        is_own = who in self.handovers and relation is Relation.OWN
        return self.handovers[who if is_own else self._stranger(who)]

    def _stranger(self, who: str) -> str:
        return Role.CITY if who == Role.DISTRICT else Role.DISTRICT

    def other_stay(self, who: str, relation: Relation) -> str:
        """A second stay of an account, or one of somebody else."""
        return self.stays[who if who in self.stays and relation is Relation.OWN else self._stranger(who)]

    @cached_property
    def geometry(self) -> str:
        """The name under which the areas of a map lie, as the page of the map tells it."""
        page = self.ask(Role.DISTRICT, "GET", "/map").text
        found = re.search(r"/map/geometry/(\w+)\.topojson", page)
        assert found, "the map of the stage shows no areas"
        return found[1]

    def ask(self, who: str, method: str, url: str, **options: Any) -> TestResponse:
        """What the portal answers to an account."""
        headers = {"Cookie": self.cookies[who], **options.pop("headers", {})}
        with self.app.test_client(use_cookies=False) as client:
            return client.open(url, method=method, headers=headers, **options)


@contextmanager
def raised_stage(database_url: str, home: Path) -> Iterator[Stage]:
    """The portal and its register, with everything in place."""
    settings = Settings(
        home=home,
        database_url=database_url,
        profile=Profile.DEMO,
        secret_key=SECRET,
        audit_key=SECRET[::-1],
        keys_folder=fixed_keys(home / "keys"),
    )
    app = keep_compiled(create_app(settings))
    app.config["WTF_CSRF_ENABLED"] = False  # that every form needs its token is asked in T13
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    engine = make_engine(database_url)
    stage = Stage(app, home, engine)
    with Session(engine, expire_on_commit=False) as session:
        _furnish(stage, session)
        session.commit()
    yield stage
    engine.dispose()
    with app.app_context():
        db.engine.dispose()


@contextmanager
def performance(stage: Stage) -> Iterator[sa.Connection]:
    """The stage inside one transaction: nothing that is done there is kept."""
    add_memory(stage.app)
    with stage.app.app_context():
        engines = db.engines
    engine = engines[None]
    with stage.engine.connect() as connection:
        transaction = connection.begin()
        engines[None] = connection  # type: ignore[assignment]  # a session asks it for nothing that a connection lacks
        try:
            yield connection
        finally:
            engines[None] = engine
            transaction.rollback()


def _furnish(stage: Stage, session: Session) -> None:
    lay_out(session)
    load_policy(session)
    make_major(session)
    owners: dict[str, Organisation] = {}
    for number, spot in enumerate(every_spot()):
        ground = _laid(stage, session, spot, number, owners.get(spot.owner))
        if spot.owner:
            owners.setdefault(spot.owner, ground.organisation)
    for role in Role:
        _let_in(stage, session, role, owners.get(role))
    deputy = make_account(session, Role.DISTRICT, division_code=HOMES[Role.DISTRICT])
    for role in BUSINESS_ROLES:
        stage.handovers[role] = _hand_over(session, stage.positions[role], deputy, Extent.READ).code
    for who, extent in DEPUTIES.items():
        _let_stand_in(stage, session, who, extent)
    _freeze(session)
    _send_files(stage, session)
    note_table(session, at=utc_now(), by="起动", trail=Trail(SECRET[::-1].encode()))
    former = make_account(session, Role.DISTRICT, division_code=HOMES[Role.DISTRICT], is_active=False)
    stage.cookies |= {ANONYMOUS: "", CLOSED: _cookie(stage, session, former)}


def _let_in(stage: Stage, session: Session, role: Role, owner: Organisation | None) -> None:
    """Somebody in this role, with two stays, two notices and a second factor."""
    held = {"organisation": owner} if owner else {}
    account = make_account(session, role, division_code=HOMES[role], password_hash="password-canary", **held)
    stage.actors[role] = Actor.of(account.positions[0])
    stage.positions[role] = account.positions[0]
    stage.cookies[role] = _cookie(stage, session, account)
    stage.stays[role] = _stay(session, account)[1]
    _leave_notices(stage, session, role)
    _give_factor(session, account)


def _let_stand_in(stage: Stage, session: Session, who: str, extent: Extent) -> None:
    """A colleague to whom the position of the role was handed over yesterday, and who acts in it."""
    role = standing_of(who)
    colleague = make_account(session, role, division_code=HOMES[role])
    delegation = _hand_over(session, stage.positions[role], colleague, extent)
    stage.actors[who] = actor_standing_in(delegation)
    stage.positions[who] = colleague.positions[0]
    stage.cookies[who] = _cookie(stage, session, colleague, delegation)
    stage.stays[who] = _stay(session, colleague)[1]
    _give_factor(session, colleague)


def _hand_over(session: Session, position: Position, delegate: Account, extent: Extent) -> Delegation:
    delegation = Delegation(
        position_id=position.id,
        delegate=delegate,
        extent=extent,
        from_on=today() - timedelta(days=1),
        until_on=today() + timedelta(days=5),
        reason="外出学习",
        given_at=utc_now(),
    )
    session.add(delegation)
    session.flush()
    return delegation


def _laid(stage: Stage, session: Session, spot: Spot, number: int, owner: Organisation | None) -> Ground:
    ground = ground_at(session, stage.app.extensions[PROVIDER], spot, number, owner)
    stage.people.append(ground.person)
    stage.newcomers[spot] = ground.newcomer
    for model, maker in MAKERS.items():
        record = maker(ground)
        # A certificate has no page and no public code: what stands for it stands on no page.
        code = getattr(record, "code", f"{model.__name__}-{record.id}")
        stage.codes[model, spot], stage.keys[model, spot] = code, record.id
        if model is Practitioner:
            stage.numbers[spot] = record.person_no
        if model is IntakeRun:
            folder = stage.app.extensions["settings"].uploads
            UploadedFiles(folder, ground.seals).keep(record, run_file(ground))
        if model is IssuedDocument:
            IssuedFiles(stage.home).keep(record.file_name, b"a paper")
    return ground


def _freeze(session: Session) -> None:
    """The numbers of the end of 2025, which somebody may sign."""
    make_target(session, division_code=PROVINCE)
    readings = readings_on(session, QUALIFIED_SHARE, QUALIFIED_SHARE.rules[0], date(2025, 12, 31))
    freeze_divisions(session, readings, at=utc_now(), by="夜间定格")


def _send_files(stage: Stage, session: Session) -> None:
    """Whoever loads files sent the one at his place, and knows what stands in it."""
    for role in SENDERS:
        run = session.get_one(IntakeRun, stage.keys[IntakeRun, spot_of(role, Relation.OWN)])
        run.actor_code = stage.actors[role].code


def _give_factor(session: Session, account: Account) -> None:
    session.add(RecoveryCode(account_id=account.id, code_digest=f"recovery-canary-{account.code}"))
    session.add(
        SecondFactor(
            account_id=account.id, secret_in_old_seal="factor-canary", enrolled_at=utc_now(), last_step=0
        )
    )


def _stay(session: Session, account: Account, delegation: Delegation | None = None) -> tuple[str, str]:
    token = begin_sign_in(session, account, at=utc_now())
    stay = session.scalars(sa.select(SignIn).order_by(SignIn.id.desc()).limit(1)).one()
    stay.entered_at = stay.began_at
    stay.last_seen_at += timedelta(
        days=1
    )  # nobody's presence is noted while it is looked for what is written
    stay.delegation_id = delegation.id if delegation else None
    session.flush()
    return token, stay.code


def _cookie(stage: Stage, session: Session, account: Account, delegation: Delegation | None = None) -> str:
    """What the browser of somebody who signed in sends."""
    token, _code = _stay(session, account, delegation)
    with stage.app.app_context():
        identity = sessions.Person(account, token).get_id()
    client = stage.app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = identity
    found = client.get_cookie("session")
    return f"session={found.value}" if found else ""


def _leave_notices(stage: Stage, session: Session, role: Role) -> None:
    """One notice in the inbox of a role, and one for the same role elsewhere."""
    actor = stage.actors[role]
    places: Mapping[Relation, tuple[str, int | None]] = {
        Relation.OWN: (actor.division_code, actor.organisation_id),
        Relation.ELSEWHERE: ("330102", None),
    }
    for relation, (place, owner) in places.items():
        notice = Todo(
            subject_type="site",
            subject_id=1,
            subject_code=stage.codes[Site, Spot("33")],
            subject_name="示例服务点",
            title="场所迁入本区，请知悉",
            asked_by="李示例",
            role=role,
            division_code=place,
            organisation_id=owner,
            opened_at=utc_now(),
            is_notice=True,
        )
        session.add(notice)
        session.flush()
        stage.notices[role, relation] = notice.code
