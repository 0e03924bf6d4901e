"""Draft reports of services answer by answer: what they say moves from columns into answers, as other drafts have it.

A report that was handed in gets the round that it was: remarks of a return are pinned to it.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SUBJECT = "service_report"
TEXTS = ("title", "place", "hours", "fee_note", "contact", "phone")
LENGTHS = {"phone": 40}
KINDS = (*(f"RS0{digit}" for digit in range(1, 10)), "other")
RULES = {
    "capacity_is_positive": "capacity IS NULL OR capacity > 0",
    "fee_is_not_negative": "fee IS NULL OR fee >= 0",
    "weekdays_are_seven": "length(weekdays) <= 7",
}


def columns() -> list[sa.Column[Any]]:
    """What a report said, with room for the rows that are there."""
    return [
        *(sa.Column(name, sa.String(LENGTHS.get(name, 200)), nullable=True) for name in TEXTS),
        sa.Column("weekdays", sa.String(7), nullable=True),
        sa.Column("capacity", sa.Integer, nullable=True),
        sa.Column("fee", sa.Numeric(18, 2), nullable=True),
        sa.Column("service_kind", sa.String(40), nullable=True),
        sa.Column("effective_on", sa.Date, nullable=True),
        sa.Column("explanation", sa.Text, nullable=True),
    ]


KEPT = ("id", "state", "kind", "submitted_at", "service_id")
REPORT = sa.table(
    "service_report",
    *(sa.column(name) for name in KEPT if name != "submitted_at"),
    sa.column("submitted_at", sa.DateTime(timezone=True)),
    *(sa.column(column.name, column.type) for column in columns()),
    sa.column("answers", sa.JSON),
    sa.column("base_answers", sa.JSON),
)
SERVICE = sa.table(
    "service",
    sa.column("id"),
    sa.column("kind"),
    *(sa.column(name) for name in (*TEXTS, "weekdays", "capacity")),
    sa.column("fee", sa.Numeric(18, 2)),
)
STEP = sa.table(
    "workflow_step",
    *(sa.column(name) for name in ("id", "subject_type", "subject_id", "step", "actor_code", "actor_name")),
)
ROUND = sa.table(
    "draft_round",
    *(sa.column(name) for name in ("subject_type", "subject_id", "number", "actor_code", "actor_name")),
    sa.column("answers", sa.JSON),
    sa.column("at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    with op.batch_alter_table("service_report") as report:
        report.add_column(sa.Column("answers", sa.JSON, nullable=True))
        report.add_column(sa.Column("base_answers", sa.JSON, nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(REPORT)).mappings().all():
        answers = answers_of(row)
        said = {"answers": answers, "base_answers": what_stands(connection, row)}
        connection.execute(sa.update(REPORT).where(REPORT.c.id == row["id"]).values(said))
        if row["submitted_at"] is not None:
            keep_round(connection, row, answers)
    with op.batch_alter_table("service_report") as report:
        for name in RULES:
            report.drop_constraint(name, type_="check")
        for column in columns():
            report.drop_column(column.name)
        report.alter_column("answers", existing_type=sa.JSON, nullable=False)
        report.alter_column("base_answers", existing_type=sa.JSON, nullable=False)


def downgrade() -> None:
    """What cannot be read is a gap again; the history of the answers and remarks on them are lost."""
    with op.batch_alter_table("service_report") as report:
        for column in columns():
            report.add_column(column)
    connection = op.get_bind()
    for row in connection.execute(sa.select(REPORT)).mappings().all():
        said = columns_of(row["answers"])
        connection.execute(sa.update(REPORT).where(REPORT.c.id == row["id"]).values(said))
    for name in ("remark", "draft_round", "draft_edit"):
        table = sa.table(name, sa.column("subject_type"))
        connection.execute(sa.delete(table).where(table.c.subject_type == SUBJECT))
    with op.batch_alter_table("service_report") as report:
        for name in (*TEXTS, "weekdays", "explanation"):
            report.alter_column(name, nullable=False)
        for name, rule in RULES.items():
            report.create_check_constraint(name, rule)
        report.drop_column("answers")
        report.drop_column("base_answers")


def answers_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns as somebody would have typed them; an end says nothing of the offer."""
    day = row["effective_on"].isoformat() if row["effective_on"] else ""
    said: dict[str, Any] = {"effective_on": day, "explanation": row["explanation"]}
    if row["kind"] != "end":
        said |= offer_of(row, row["service_kind"])
    return {key: answer for key, answer in said.items() if answer}


def offer_of(row: Mapping[str, Any], kind: str | None) -> dict[str, Any]:
    fee = row["fee"]
    said = {name: row[name] for name in TEXTS} | {
        "service_kind": kind,
        "weekdays": list(row["weekdays"]),
        "capacity": str(row["capacity"] or ""),
        "charge": "unknown" if fee is None else "paid" if fee else "free",
        "fee": f"{fee:.2f}".removesuffix(".00") if fee else "",
    }
    return {key: answer for key, answer in said.items() if answer}


def what_stands(connection: sa.Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    """The service beside which a change in hand stands; of one that is over it is not known any more."""
    if row["kind"] != "change" or row["state"] not in ("draft", "submitted", "returned"):
        return {}
    chosen = sa.select(SERVICE).where(SERVICE.c.id == row["service_id"])
    service = connection.execute(chosen).mappings().one()
    return offer_of(service, service["kind"])


def keep_round(connection: sa.Connection, row: Mapping[str, Any], answers: dict[str, Any]) -> None:
    steps = (
        sa.select(STEP.c.actor_code, STEP.c.actor_name)
        .where(STEP.c.subject_type == SUBJECT, STEP.c.subject_id == row["id"], STEP.c.step == "submit")
        .order_by(STEP.c.id.desc())
        .limit(1)
    )
    code, name = connection.execute(steps).first() or ("", "")
    handed_in = {"subject_type": SUBJECT, "subject_id": row["id"], "number": 1, "at": row["submitted_at"]}
    connection.execute(
        sa.insert(ROUND).values(**handed_in, answers=answers, actor_code=code, actor_name=name)
    )


def columns_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    fees = {"free": Decimal(0), "paid": number(answers.get("fee", ""))}
    places, kind = number(answers.get("capacity", "")), answers.get("service_kind")
    return {name: answers.get(name, "")[: LENGTHS.get(name, 200)] for name in TEXTS} | {
        "weekdays": "".join(answers.get("weekdays", ()))[:7],
        "capacity": int(places) if places else None,
        "fee": fees.get(answers.get("charge", "")),
        "service_kind": kind if kind in KINDS else None,
        "effective_on": day_of(answers.get("effective_on", "")),
        "explanation": answers.get("explanation", ""),
    }


def number(typed: str) -> Decimal | None:
    """A plain number; None for everything else."""
    is_plain = typed.isascii() and typed.replace(".", "", 1).isdigit() and len(typed) < 10
    return Decimal(typed) if is_plain else None


def day_of(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
