"""`portal demo`, and the sample workbooks that it lays out."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from portal.cli import main
from portal.demo.named_providers import NAMES
from portal.demo.samples import SITES_FAULTY, SITES_RIGHT, STAFF_BANNED, STAFF_FAULTY, STAFF_RIGHT
from portal.demo.start import prepare_demo
from portal.intake.judging import Upload, judged, kind_of
from portal.settings import Profile, Settings, SettingsError
from registry.access.actors import Actor
from registry.access.models import Account
from registry.engine import make_engine
from registry.intake.models import IntakeRun
from registry.intake.operations import commit, record_preview
from registry.intake.preview import Preview
from registry.policy.models import Parameter
from registry.sealing.keyring import KeyRing
from tests.demonstration import TRAIL, Demonstration
from tests.factories import make_organisation
from tests.portal.demo_sql import count
from tests.sealing import fixed_keys

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)


def judge(
    session: Session, demonstration: Demonstration, file_name: str, kind: str = "practitioners"
) -> Preview:
    data = (demonstration.samples / file_name).read_bytes()
    return judged(
        session,
        kind_of(kind),
        Upload(file_name, data),
        actor=city(session),
        at=NOW,
        seals=KeyRing(fixed_keys(demonstration.samples / "keys")),
    )


def city(session: Session) -> Actor:
    account = session.scalars(sa.select(Account).where(Account.username == "demo-city")).one()
    return Actor.of(account.positions[0])


def test_the_faulty_roster_holds_seven_different_faults(demo_session: Session, demonstration: Demonstration):
    found = judge(demo_session, demonstration, STAFF_FAULTY)

    assert [(problem.row, problem.column) for problem in found.errors] == [
        (4, "G"), (6, "B"), (8, "K"), (35, "J"), (36, "E"), (37, "D"), (38, "J"),
    ]  # fmt: skip
    assert len({problem.message.msgid for problem in found.errors}) == 7


def test_the_corrected_roster_lifts_the_provider_and_its_district_over_the_target(
    demo_session: Session, demonstration: Demonstration
):
    found = judge(demo_session, demonstration, STAFF_RIGHT)
    run = record_preview(demo_session, found, actor=city(demo_session), at=NOW)

    commit(demo_session, found, run=run, actor=city(demo_session), at=NOW, trail=TRAIL)

    assert count(demo_session, DAY, name=NAMES["one-short"]) == (9, 20)
    assert count(demo_session, DAY, division="310101") == (30, 98)


def test_an_identity_number_keeps_the_third_roster_out(demo_session: Session, demonstration: Demonstration):
    found = judge(demo_session, demonstration, STAFF_BANNED)

    assert found.holds_identity_numbers
    assert [problem.row for problem in found.errors] == [2]


def test_the_faulty_sites_hold_eight_faults_and_the_corrected_ones_none(
    demo_session: Session, demonstration: Demonstration
):
    faulty = judge(demo_session, demonstration, SITES_FAULTY, "sites")
    right = judge(demo_session, demonstration, SITES_RIGHT, "sites")

    assert {problem.row for problem in faulty.errors} == {3, 4, 5, 6, 7, 8, 9, 10}
    assert right.is_committable


def test_a_refused_file_of_the_past_is_on_record_with_its_faults(demo_session: Session):
    run = demo_session.scalars(sa.select(IntakeRun).where(IntakeRun.state == "refused")).one()

    assert (run.file_name, run.errors, run.actor_name) == (STAFF_FAULTY, 7, "示例市级经办")


@pytest.fixture
def settings(demo_url: str, tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path, database_url=demo_url, profile=Profile.DEMO, secret_key="s" * 32, audit_key="a" * 32
    )


def test_a_second_start_keeps_what_was_changed(settings: Settings):
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        session.execute(sa.text("UPDATE organisation SET name = '改过的名称（示例）' WHERE id = 1"))
        session.commit()

    was_built = prepare_demo(settings)

    with Session(engine) as session:
        assert session.scalar(sa.text("SELECT name FROM organisation WHERE id = 1")) == "改过的名称（示例）"
    assert not was_built
    engine.dispose()


def test_a_second_start_of_a_newer_version_brings_the_parameters_it_asks_for(settings: Settings):
    prepare_demo(settings)
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        session.execute(sa.delete(Parameter).where(Parameter.key.startswith("export.")))
        session.commit()

    prepare_demo(settings)

    with Session(engine) as session:
        keys = set(session.scalars(sa.select(Parameter.key)))
    engine.dispose()
    assert any(key.startswith("export.") for key in keys)


def test_a_register_with_other_data_is_left_alone(database_url: str, tmp_path: Path):
    engine = make_engine(database_url)
    with Session(engine) as session:
        make_organisation(session)
        session.commit()
    settings = Settings(tmp_path, database_url, Profile.DEMO, secret_key="s" * 32, audit_key="a" * 32)

    with pytest.raises(SettingsError, match="PORTAL_HOME"):
        prepare_demo(settings)

    engine.dispose()


def run_demo(*arguments: str, home: Path, **environment: str) -> Result:
    return CliRunner().invoke(main, ["demo", *arguments], env={"PORTAL_HOME": str(home), **environment})


def test_the_command_prints_the_accounts_and_the_password(settings: Settings):
    result = run_demo("--no-serve", home=settings.home, PORTAL_DATABASE_URL=settings.database_url)

    assert result.exit_code == 0, result.output
    assert "Password of every account: jingkangtong-demo" in result.output
    assert "demo-district" in result.output
    assert "黄浦区经办" in result.output


def test_the_command_serves_no_other_machine(tmp_path: Path):
    result = run_demo("--no-serve", "--host", "0.0.0.0", home=tmp_path)  # noqa: S104 - the address is refused

    assert result.exit_code == 2
    assert "this machine only" in result.output


def test_the_command_runs_in_no_other_profile(tmp_path: Path):
    result = run_demo("--no-serve", home=tmp_path, PORTAL_PROFILE="dengbao3")

    assert result.exit_code == 2
    assert "profile demo only" in result.output
