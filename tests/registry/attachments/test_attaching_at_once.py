"""A form with a file sent several times at the same instant, and more files than a record may have."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.masks import Field
from registry.access.models import Account, Role
from registry.attachments.models import Attachment, MediaType
from registry.attachments.operations import MOST_FILES, KeptFile, attach
from registry.audit.trail import Trail
from registry.engine import make_engine
from registry.errors import RequirementUnmet
from registry.services.models import Activity
from tests.factories import NOW, make_account, make_provider
from tests.services_factories import make_activity

HANDS = 4


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """A database of its own with one activity: these transactions really commit."""
    engine = make_engine(database_url)
    with Session(engine) as session:
        site = make_provider(session)
        make_account(session, Role.PROVIDER, organisation=site.organisation)
        make_activity(session, site)
        session.commit()
    yield engine
    engine.dispose()


def attached(session: Session, form_key: str, stored_as: str) -> str:
    """The code of the attachment that the form has."""
    account = session.scalars(sa.select(Account)).one()
    activity = session.scalars(sa.select(Activity)).one()
    found = attach(
        session,
        activity,
        KeptFile("签到表.jpg", stored_as, MediaType.JPEG, 3, "0" * 64),
        field=Field.ACTIVITY_SHEET,
        division_code=activity.division_code,
        actor=Actor.of(account.positions[0]),
        at=NOW,
        trail=Trail(b"k" * 32),
        form_key=form_key,
    )
    session.commit()
    return found.code


def at_once(engine: sa.Engine, act: Callable[[Session, int], str]) -> list[str]:
    gate = Barrier(HANDS)

    def run(hand: int) -> str:
        with Session(engine) as session:
            gate.wait()
            try:
                return act(session, hand)
            except RequirementUnmet:
                return "refused"

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(run, range(HANDS)))


def count(engine: sa.Engine) -> int | None:
    with Session(engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Attachment))


def test_a_form_sent_by_many_hands_at_once_brings_one_file(engine: sa.Engine) -> None:
    codes = at_once(engine, lambda session, hand: attached(session, "f" * 32, f"file-{hand}"))

    assert len(set(codes)) == 1
    assert count(engine) == 1


def test_many_files_at_once_are_no_more_than_a_record_may_have(engine: sa.Engine) -> None:
    with Session(engine) as session:
        for number in range(MOST_FILES - 1):
            attached(session, f"earlier-{number}", f"earlier-{number}")

    codes = at_once(engine, lambda session, hand: attached(session, f"form-{hand}", f"file-{hand}"))

    assert codes.count("refused") == HANDS - 1
    assert count(engine) == MOST_FILES
