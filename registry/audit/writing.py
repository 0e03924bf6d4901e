"""The trail as a file that proves itself: JSON lines, one entry each, as `scripts/verify-trail` reads them."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.audit.chain import sealed_content
from registry.audit.models import AuditEntry

BATCH = 1000


def lines_of_trail(session: Session, *, until: int | None = None) -> Iterator[str]:
    """Every entry in order, up to and with a number if one is given: all that its seal covers, and the seal itself."""
    columns = AuditEntry.__table__.columns
    rows = sa.select(*columns).order_by(columns.sequence)
    if until is not None:
        rows = rows.where(columns.sequence <= until)
    with session.execute(rows.execution_options(yield_per=BATCH)) as entries:
        for row in entries:
            content = sealed_content(row) | {"entry_hash": row.entry_hash}
            yield json.dumps(content, ensure_ascii=False) + "\n"
