"""Keep the registrations that were renewed beside the latest one of a certificate, and give each an end.

What was overwritten before this is not known any more. A social worker's registration whose end nobody told ends after
the usual term, by the parameter as it was when the registration began.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

certificate = sa.table(
    "certificate",
    *(sa.column(name) for name in ("id", "kind")),
    *(sa.column(name, sa.Date) for name in ("valid_from", "valid_to")),
)
parameter = sa.table(
    "parameter",
    *(sa.column(name) for name in ("key", "division_code")),
    sa.column("value", sa.JSON),
    *(sa.column(name, sa.Date) for name in ("valid_from", "valid_to")),
)
TERM = "certificate.registration_months"
USUAL_MONTHS = 36
"""《社会工作者职业水平证书登记办法》（民发〔2009〕44号）, where the parameter was never set."""
MONTHS = 12


def upgrade() -> None:
    op.create_table(
        "certificate_registration",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("certificate_id", sa.Integer, sa.ForeignKey("certificate.id"), nullable=False),
        sa.CheckConstraint("valid_to > valid_from", name="ends_after_it_begins"),
        sa.UniqueConstraint("certificate_id", "valid_from"),
    )
    end_registrations(op.get_bind())
    with op.batch_alter_table("certificate") as table:
        table.create_check_constraint(
            "registration_ends",
            "kind <> 'social_worker' OR valid_from IS NULL OR valid_to IS NOT NULL",
        )


def downgrade() -> None:
    """The registrations that were renewed are lost."""
    with op.batch_alter_table("certificate") as table:
        table.drop_constraint(op.f("ck_certificate_registration_ends"))
    op.drop_table("certificate_registration")


def end_registrations(bind: sa.Connection) -> None:
    terms = bind.execute(
        sa.select(parameter.c.value, parameter.c.valid_from, parameter.c.valid_to)
        .where(parameter.c.key == TERM, parameter.c.division_code == "0")
        .order_by(parameter.c.valid_from)
    ).all()
    is_open = sa.and_(
        certificate.c.kind == "social_worker",
        certificate.c.valid_from.is_not(None),
        certificate.c.valid_to.is_(None),
    )
    found = bind.execute(sa.select(certificate.c.id, certificate.c.valid_from).where(is_open)).all()
    ended = certificate.update().where(certificate.c.id == sa.bindparam("key"))
    if found:
        rows = [{"key": key, "ends": months_after(start, term_on(terms, start))} for key, start in found]
        bind.execute(ended.values(valid_to=sa.bindparam("ends", type_=sa.Date)), rows)


def term_on(terms: Sequence[Any], day: date) -> int:
    """Of the values the newest in force; before the first, and in a gap, the nearest one there is."""
    begun = [term for term in terms if term.valid_from <= day]
    in_force = [term for term in begun if term.valid_to is None or day < term.valid_to]
    nearest = in_force or begun or list(terms[:1])
    return int(nearest[-1].value) if nearest else USUAL_MONTHS


def months_after(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where it has no such day."""
    year, month = divmod(day.month - 1 + months, MONTHS)
    first_of_next = date(day.year + year + (month == MONTHS - 1), (month + 1) % MONTHS + 1, 1)
    return min(
        date(day.year + year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1)
    )
