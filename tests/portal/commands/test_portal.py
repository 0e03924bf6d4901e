"""The command `portal` itself, and the commands that every installation begins with."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.cli import COMMANDS
from portal.commands import accounts as accounts_command
from portal.commands.serve import server
from portal.extensions import db
from portal.settings import Profile, Settings
from registry.access.models import Account, CodePurpose, Position, Role
from registry.access.one_time_codes import account_of_code
from registry.access.password_rules import refuse_weak
from registry.access.passwords import matches
from registry.access.queries import account_by_username
from registry.access.strictness import DENGBAO3
from registry.clock import utc_now

ROOT = Path(__file__).resolve().parents[3]
KEY = "kR7-wq2ZtB9_mLx4vNc8sPd3JfHg6YaE"


def test_help_names_every_command_and_imports_none(run):
    answer = run("--help")

    assert answer.exit_code == 0
    assert all(f"  {name} " in answer.output for name in COMMANDS)


def test_help_starts_without_flask_and_sqlalchemy():
    question = (
        "import sys, portal.cli; print(sorted(set(sys.modules) & {'flask', 'sqlalchemy', 'babel', 'jinja2'}))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_explains_itself(run, name):
    answer = run(name, "--help")

    assert answer.exit_code == 0, answer.output
    assert len(answer.output) > 60


def test_an_unknown_command_is_a_matter_of_usage(run):
    assert run("no-such-command").exit_code == 2


def test_a_missing_setting_is_named_on_stderr_with_exit_code_2(run):
    answer = run("upgrade", env={"PORTAL_PROFILE": "", "PORTAL_SECRET_KEY": ""})

    assert answer.exit_code == 2


def test_upgrade_makes_an_empty_database_usable(run, empty_database_url):
    environ = {"PORTAL_DATABASE_URL": empty_database_url}

    assert run("upgrade", env=environ).exit_code == 0
    answer = run("check", env=environ)

    assert "ok    database" in answer.output


def test_a_database_that_cannot_be_opened_is_one_line_on_stderr(run):
    answer = run("upgrade", env={"PORTAL_DATABASE_URL": "sqlite:////no/such/folder/portal.sqlite"})

    assert answer.exit_code == 2
    assert "The database cannot be migrated" in answer.stderr
    assert "Traceback" not in answer.output


def test_check_says_what_to_mend(run, tmp_path):
    answer = run("check", env={"PORTAL_DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite"})

    assert answer.exit_code == 1
    assert "mend  database: it is not at the newest migration; run: portal upgrade" in answer.output


def test_check_finds_a_home_that_others_can_read(run, tmp_path):
    tmp_path.chmod(0o755)

    assert f"chmod 700 {tmp_path}" in run("check").output


def test_check_is_content_with_a_sound_installation(run, tmp_path):
    tmp_path.chmod(0o700)

    answer = run("check")

    assert answer.exit_code == 0, answer.output


def test_routes_tell_the_action_of_every_address(run):
    routes = {route["rule"]: route for route in json.loads(run("routes", "--json").output)}

    assert routes["/"] == {
        "endpoint": "home.show",
        "rule": "/",
        "methods": ["GET"],
        "action": "home.see",
        "public": False,
    }
    assert routes["/sign-in"]["public"] is True
    assert all(route["public"] or route["action"] for route in routes.values())


def test_routes_need_no_settings(run):
    assert run("routes", env={"PORTAL_PROFILE": None}).exit_code == 0


def test_the_first_account_needs_nobody_and_signs_in(run, register):
    register.execute(sa.delete(Position))
    register.execute(sa.delete(Account))
    register.commit()

    answer = run(
        "accounts", "invite", "root", "--name", "示例管理员", "--role", "sysadmin", "--division", "310000"
    )

    assert answer.exit_code == 0, answer.output
    code, link = answer.output.split()
    account = account_by_username(register, "root")
    held = account.positions[0]
    assert (held.role, held.division_code, account.password_hash) == (Role.SYSADMIN, "31", "!")
    assert link == f"http://127.0.0.1:8000/invitation?code={code}"
    assert account_of_code(register, code, CodePurpose.PASSWORD, at=utc_now()) is account


def test_a_first_password_is_printed_where_no_code_can_be_used(run, register):
    register.execute(sa.delete(Position))
    register.execute(sa.delete(Account))
    register.commit()

    answer = run(*"accounts invite root --name 示例 --role sysadmin --division 31 --first-password".split())

    name, password = answer.output.split()
    account = account_by_username(register, "root")
    assert (name, account.password_is_initial) == ("root", True)
    assert matches(account.password_hash, password)
    refuse_weak(password, DENGBAO3.password)


def test_a_further_account_is_opened_by_a_system_administrator_only(run, register):
    answer = run(
        "accounts", "invite", "li", "--name", "李", "--role", "city", "--division", "31", "--as", "demo-city"
    )

    assert answer.exit_code == 2
    assert "may not do this" in answer.stderr
    register.rollback()
    assert account_by_username(register, "li") is None


def test_a_division_that_does_not_exist_is_refused(run, register):
    answer = run("accounts", "invite", "li", "--name", "李", "--role", "city", "--division", "99")

    assert answer.exit_code == 2


def test_a_command_acts_as_nobody_by_chance(run, register):
    answer = run("accounts", "list", "--as", "no-such-account")

    assert answer.exit_code == 2
    assert "No open account has the name 'no-such-account'" in answer.stderr


def test_production_names_the_account_to_act_as(run, register):
    environ = {"PORTAL_PROFILE": "asvs", "PORTAL_SECRET_KEY": KEY, "PORTAL_AUDIT_KEY": KEY[::-1]}

    answer = run("accounts", "list", env=environ)

    assert answer.exit_code == 2
    assert "set PORTAL_AS" in answer.stderr


def test_a_database_that_does_not_answer_is_one_line_on_stderr(run, tmp_path):
    answer = run("accounts", "list", env={"PORTAL_DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite"})

    assert answer.exit_code == 2
    assert "Run: portal check" in answer.stderr


def test_the_roles_of_the_command_are_the_roles_of_the_register():
    assert set(accounts_command.ROLES) == set(Role)


def test_the_demonstration_is_not_served_to_others(run):
    answer = run("serve", "--host", "0.0.0.0")  # noqa: S104  # it is refused

    assert answer.exit_code == 2
    assert "no loopback address" in answer.stderr


def test_the_server_makes_the_application_in_its_workers(database_url, tmp_path):
    settings = Settings(tmp_path, database_url, Profile.DEMO, KEY, KEY)

    process = server(settings, bind="127.0.0.1:0", workers=1)

    assert process.cfg.worker_class_str == "gthread"
    app = process.load()
    assert app.test_client().get("/healthz").status_code == 200
    with app.app_context():
        db.engine.dispose()


def test_missing_fonts_are_found_by_the_check(run, monkeypatch):
    monkeypatch.setattr("reports.documents.fonts.is_installed", lambda family: False)

    answer = run("check")

    assert answer.exit_code == 1
    assert "install the package fonts-noto-cjk" in answer.output
