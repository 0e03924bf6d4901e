"""Bring over what stands: an entry or a filing, without answers, for every standing in force that has none."""

import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH, CHECK_CODE_LENGTH, CITY_LENGTH = 10, 12, 4
BY = "portal upgrade"
CONFIRMING = "provider_entry.confirming_division"
ENTRY_IN_FORCE = ("listed", "suspended", "leaving", "deciding")

COMMON = ("id", "code", "kind", "state", "division_code", "version", "answers", "base_answers")
ADOPTED = ("adopted_from", "adopted_on", "organisation_id", "site_id", "standing_id")


def table(name: str, *columns: str, days: tuple[str, ...] = (), json: tuple[str, ...] = ()) -> sa.TableClause:
    """Columns whose values Python writes or compares need their types."""
    return sa.table(
        name,
        *(sa.column(one) for one in columns if one not in json and one not in days),
        *(sa.column(one, sa.Date) for one in days),
        *(sa.column(one, sa.JSON) for one in json),
    )


STANDING = table("standing", "id", "kind", "organisation_id", days=("granted_on", "ended_on"))
ORGANISATION = table("organisation", "id", "source")
SITE = table(
    "site", "id", "kind", "source", "division_code", "organisation_id", days=("opened_on", "closed_on")
)
PARAMETER = table("parameter", "key", "division_code", days=("valid_from", "valid_to"), json=("value",))
ANSWERS = ("answers", "base_answers")
ENTRY = table(
    "provider_entry",
    *COMMON,
    *ADOPTED,
    "confirming_code",
    "check_code",
    days=("adopted_on", "confirmed_on"),
    json=ANSWERS,
)
FILING = table(
    "station_filing",
    *COMMON,
    *ADOPTED,
    "is_by_street",
    days=("adopted_on", "filed_on"),
    json=ANSWERS,
)
TEXTS = ("step", "from_state", "to_state", "actor_code", "actor_name", "reason")
STEP = sa.table(
    "workflow_step",
    *(sa.column(one) for one in ("subject_type", "subject_id", *TEXTS)),
    sa.column("at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    for name in ("provider_entry", "station_filing"):
        op.add_column(name, sa.Column("adopted_from", sa.String(200)))
        op.add_column(name, sa.Column("adopted_on", sa.Date))
    by_street = sa.Column("is_by_street", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("station_filing", by_street)
    connection, now = op.get_bind(), datetime.now(UTC)
    today = (now + timedelta(hours=8)).date()
    bring_over(connection, ENTRY, entries(connection, today), now)
    bring_over(connection, FILING, filings(connection, today), now)


def downgrade() -> None:
    """What was brought over goes again, where nobody has acted on it; the standings stay."""
    connection = op.get_bind()
    for records, state in ((ENTRY, "listed"), (FILING, "filed")):
        take_back(connection, records, state)
    for name, columns in (
        ("provider_entry", ("adopted_from", "adopted_on")),
        ("station_filing", ("adopted_from", "adopted_on", "is_by_street")),
    ):
        with op.batch_alter_table(name) as records:
            for column in columns:
                records.drop_column(column)


def held(today: date) -> tuple[sa.ColumnElement[bool], ...]:
    ended_on = STANDING.c.ended_on
    return STANDING.c.granted_on <= today, sa.or_(ended_on.is_(None), ended_on > today)


def entries(connection: sa.Connection, today: date) -> Iterator[dict[str, Any]]:
    """One for each provider whose standing has none, at its oldest open site; none where it has no site."""
    has_entry = sa.exists().where(
        ENTRY.c.organisation_id == STANDING.c.organisation_id, ENTRY.c.state.in_(ENTRY_IN_FORCE)
    )
    found = (
        sa.select(STANDING.c.id, STANDING.c.granted_on, STANDING.c.organisation_id, ORGANISATION.c.source)
        .join_from(STANDING, ORGANISATION, ORGANISATION.c.id == STANDING.c.organisation_id)
        .where(STANDING.c.kind == "provider", *held(today), ~has_entry)
        .order_by(STANDING.c.id)
    )
    sites, confirming = oldest_sites(connection, today), confirming_divisions(connection, today)
    for standing in connection.execute(found).all():
        site = sites.get(standing.organisation_id)
        if site is not None:
            yield {
                **record("entry", "listed", site.division_code, standing.source, today),
                "confirmed_on": standing.granted_on,
                "confirming_code": confirming_of(site.division_code, confirming),
                "check_code": letters(CHECK_CODE_LENGTH),
                "organisation_id": standing.organisation_id,
                "site_id": site.id,
                "standing_id": standing.id,
            }


def filings(connection: sa.Connection, today: date) -> Iterator[dict[str, Any]]:
    """One for each open station of an operator whose standing has none."""
    has_filing = sa.exists().where(FILING.c.standing_id == STANDING.c.id)
    found = (
        sa.select(
            SITE.c.id,
            SITE.c.division_code,
            SITE.c.source,
            SITE.c.organisation_id,
            STANDING.c.granted_on,
            STANDING.c.id.label("standing_id"),
        )
        .join_from(SITE, STANDING, STANDING.c.organisation_id == SITE.c.organisation_id)
        .where(SITE.c.kind == "station", STANDING.c.kind == "station", *held(today), ~has_filing)
        .where(sa.or_(SITE.c.closed_on.is_(None), SITE.c.closed_on > today))
        .where(sa.or_(SITE.c.opened_on.is_(None), SITE.c.opened_on <= today))
        .order_by(SITE.c.id, STANDING.c.id)
    )
    newest = {site.id: site for site in connection.execute(found).all()}
    for site in newest.values():
        yield {
            **record("filing", "filed", site.division_code, site.source, today),
            "filed_on": site.granted_on,
            "is_by_street": False,
            "organisation_id": site.organisation_id,
            "site_id": site.id,
            "standing_id": site.standing_id,
        }


def record(kind: str, state: str, division_code: str, source: str, today: date) -> dict[str, Any]:
    """What both have in common; nothing is answered that nobody answered."""
    return {
        "code": letters(CODE_LENGTH),
        "kind": kind,
        "state": state,
        "division_code": division_code,
        "version": 1,
        "answers": {},
        "base_answers": {},
        "adopted_from": source,
        "adopted_on": today,
    }


def bring_over(
    connection: sa.Connection, records: sa.TableClause, rows: Iterator[dict[str, Any]], now: datetime
) -> None:
    """Each with the first line of its history."""
    for row in list(rows):
        connection.execute(sa.insert(records).values(row))
        key = connection.scalar(sa.select(records.c.id).where(records.c.code == row["code"]))
        connection.execute(sa.insert(STEP).values(step_of(records.name, key, row, now)))


def step_of(name: str, key: int | None, row: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "subject_type": name,
        "subject_id": key,
        "step": "adopt",
        "from_state": "",
        "to_state": row["state"],
        "actor_code": "",
        "actor_name": BY,
        "at": now,
        "reason": row["adopted_from"],
    }


def take_back(connection: sa.Connection, records: sa.TableClause, state: str) -> None:
    """Only what stands as it was brought over: a record that somebody acted on is kept, without its mark."""
    others = sa.exists().where(
        STEP.c.subject_type == records.name, STEP.c.subject_id == records.c.id, STEP.c.step != "adopt"
    )
    untouched = sa.select(records.c.id).where(
        records.c.adopted_on.is_not(None), records.c.state == state, ~others
    )
    keys = list(connection.scalars(untouched))
    connection.execute(
        sa.delete(STEP).where(
            STEP.c.subject_type == records.name, STEP.c.step == "adopt", STEP.c.subject_id.in_(keys)
        )
    )
    connection.execute(sa.delete(records).where(records.c.id.in_(keys)))


def oldest_sites(connection: sa.Connection, today: date) -> dict[int, Any]:
    """By organisation: the oldest that is open, else the oldest."""
    is_closed = sa.case((SITE.c.closed_on <= today, 1), else_=0)
    found = sa.select(SITE.c.id, SITE.c.organisation_id, SITE.c.division_code).order_by(is_closed, SITE.c.id)
    sites: dict[int, Any] = {}
    for site in connection.execute(found):
        sites.setdefault(site.organisation_id, site)
    return sites


def confirming_divisions(connection: sa.Connection, today: date) -> dict[str, str]:
    """By place, as policy has it today."""
    valid_to = PARAMETER.c.valid_to
    found = (
        sa.select(PARAMETER.c.division_code, PARAMETER.c.value)
        .where(PARAMETER.c.key == CONFIRMING, PARAMETER.c.valid_from <= today)
        .where(sa.or_(valid_to.is_(None), valid_to > today))
        .order_by(PARAMETER.c.valid_from)
    )
    return {row.division_code: str(row.value) for row in connection.execute(found)}


def confirming_of(division_code: str, confirming: dict[str, str]) -> str:
    """The nearest place that names one; "0" is the whole country. Without any, the city."""
    reaching = [code for code in confirming if code == "0" or division_code.startswith(code)]
    return confirming[max(reaching, key=len)] if reaching else division_code[:CITY_LENGTH]


def letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))
