"""How the database is opened."""

import threading

import pytest
import sqlalchemy as sa

from registry.engine import make_engine

FULL = 2


@pytest.fixture
def file_engine(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/register.sqlite")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE note (id INTEGER PRIMARY KEY, above INTEGER REFERENCES note)"
        )
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", FULL), ("foreign_keys", 1), ("busy_timeout", 5000)],
)
def test_sqlite_is_opened_with_the_settings_that_keep_every_commit(file_engine, pragma, value):
    with file_engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


def test_sqlite_refuses_a_row_that_points_nowhere(file_engine):
    with pytest.raises(sa.exc.IntegrityError, match="FOREIGN KEY"), file_engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO note (above) VALUES (7)")


def test_a_second_writer_waits_for_the_first_instead_of_failing(file_engine):
    def write_second():
        with file_engine.begin() as second:
            second.exec_driver_sql("INSERT INTO note (id) SELECT max(id) + 1 FROM note")

    with file_engine.begin() as first:
        first.exec_driver_sql("INSERT INTO note (id) VALUES (1)")
        thread = threading.Thread(target=write_second)
        thread.start()
        thread.join(0.1)
        assert thread.is_alive()
    thread.join(5)

    with file_engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT id FROM note ORDER BY id").scalars().all() == [1, 2]


def test_a_reader_does_not_wait_for_a_writer(file_engine):
    reader_engine = file_engine.execution_options(reads_only=True)

    with file_engine.begin() as writer, reader_engine.connect() as reader:
        writer.exec_driver_sql("INSERT INTO note (id) VALUES (1)")

        assert reader.exec_driver_sql("SELECT count(*) FROM note").scalar_one() == 0


def test_a_rolled_back_transaction_takes_its_tables_along(file_engine):
    with file_engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE fleeting (id INTEGER)")
        connection.rollback()

        assert not sa.inspect(connection).has_table("fleeting")
