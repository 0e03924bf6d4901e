"""The database itself keeps the trail from being changed."""

import pytest
import sqlalchemy as sa

ENTRY = {
    "id": 1,
    "sequence": 1,
    "at": "2026-11-23 01:00:00+00:00",
    "actor_code": "a",
    "actor_name": "示例",
    "action": "site.edit",
    "result": "done",
    "subject_type": "site",
    "subject_code": "s",
    "division_code": "310101",
    "facts": "{}",
    "reason": "",
    "request_id": "",
    "previous_hash": "0" * 64,
    "entry_hash": "1" * 64,
}
INSERT = sa.text(
    f"INSERT INTO audit_entry ({', '.join(ENTRY)}) VALUES ({', '.join(':' + name for name in ENTRY)})"
)


@pytest.fixture
def entry(connection):
    connection.execute(INSERT, ENTRY)
    return connection


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET reason = 'altered'", "DELETE FROM audit_entry WHERE id = 1"]
)
def test_an_entry_of_the_trail_is_neither_changed_nor_deleted(entry, statement):
    with pytest.raises(sa.exc.DBAPIError, match=r"append-only|permission denied"), entry.begin_nested():
        entry.exec_driver_sql(statement)

    assert entry.exec_driver_sql("SELECT reason FROM audit_entry").scalar_one() == ""


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET reason = 'altered'", "DELETE FROM audit_entry"]
)
def test_not_even_the_owner_of_the_database_changes_the_trail(
    databases, database_url, database_kind, statement
):
    if database_kind == "sqlite":
        pytest.skip("SQLite has no roles: the trigger alone stands there")
    engine = sa.create_engine(databases.owner_url(database_url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(INSERT, ENTRY)

    with pytest.raises(sa.exc.IntegrityError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_the_serving_role_owns_nothing_and_passes_no_policy_by(connection, database_kind):
    if database_kind == "sqlite":
        pytest.skip("SQLite has no roles")

    role = connection.exec_driver_sql(
        "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).one()
    owned = connection.exec_driver_sql(
        "SELECT count(*) FROM pg_class WHERE relowner = 'app'::regrole"
    ).scalar_one()

    assert tuple(role) == ("app", False, False, False, False)
    assert owned == 0


def test_the_serving_role_changes_no_table(connection, database_kind):
    if database_kind == "sqlite":
        pytest.skip("SQLite has no roles")

    with pytest.raises(sa.exc.ProgrammingError, match="must be owner"), connection.begin_nested():
        connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER ALL")


CHECKPOINT = sa.text(
    "INSERT INTO audit_checkpoint"
    " (first_sequence, sequence, previous_hash, entry_hash, at, file_name, sha256, seal)"
    " VALUES (:first, 1, :before, :hash, '2026-11-23 01:00:00+00:00', 'trail-1.jsonl', :hash, :hash)"
)
COVERING = {"first": 1, "before": "0" * 64, "hash": ENTRY["entry_hash"]}
OLD, YOUNG = "2023-01-01 00:00:00+00:00", "2026-11-23 01:00:00+00:00"


@pytest.fixture
def owner(databases, database_url, database_kind):
    """Whoever may retire: the owner on PostgreSQL, on SQLite there is nobody else."""
    url = database_url if database_kind == "sqlite" else databases.owner_url(database_url)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_an_old_entry_leaves_the_trail_once_a_checkpoint_covers_it(owner):
    owner.execute(INSERT, ENTRY | {"at": OLD})
    owner.execute(CHECKPOINT, COVERING)

    owner.exec_driver_sql("DELETE FROM audit_entry WHERE sequence <= 1")

    assert owner.exec_driver_sql("SELECT count(*) FROM audit_entry").scalar_one() == 0


def test_no_checkpoint_reaches_into_the_last_184_days(owner):
    owner.execute(INSERT, ENTRY | {"at": YOUNG})

    with pytest.raises(sa.exc.IntegrityError, match="184 days"), owner.begin_nested():
        owner.execute(CHECKPOINT, COVERING)


@pytest.mark.parametrize("said", [{"first": 2}, {"first": 0}, {"hash": "9" * 64}])
def test_no_checkpoint_says_what_is_not_in_the_trail(owner, said):
    owner.execute(INSERT, ENTRY | {"at": OLD})

    with pytest.raises(sa.exc.IntegrityError), owner.begin_nested():
        owner.execute(CHECKPOINT, COVERING | said)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_checkpoint SET sequence = 9", "DELETE FROM audit_checkpoint"]
)
def test_a_checkpoint_is_neither_changed_nor_removed(owner, statement):
    owner.execute(INSERT, ENTRY | {"at": OLD})
    owner.execute(CHECKPOINT, COVERING)

    with pytest.raises(sa.exc.IntegrityError, match="append-only"), owner.begin_nested():
        owner.exec_driver_sql(statement)


@pytest.mark.parametrize("statement", ["DELETE FROM audit_entry", "UPDATE audit_entry SET reason = 'x'"])
def test_a_checkpoint_lets_nothing_else_go(owner, statement):
    owner.execute(INSERT, ENTRY | {"at": OLD})
    owner.execute(CHECKPOINT, COVERING)
    owner.execute(INSERT, ENTRY | {"id": 2, "sequence": 2, "at": OLD, "entry_hash": "2" * 64})

    with pytest.raises(sa.exc.IntegrityError, match="append-only"), owner.begin_nested():
        owner.exec_driver_sql(statement)


def test_the_serving_role_makes_no_checkpoint_and_removes_no_entry(connection, database_kind):
    if database_kind == "sqlite":
        pytest.skip("SQLite has no roles")
    connection.execute(INSERT, ENTRY | {"at": OLD})

    for statement in ("DELETE FROM audit_entry", "INSERT INTO audit_checkpoint DEFAULT VALUES"):
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), connection.begin_nested():
            connection.exec_driver_sql(statement)
