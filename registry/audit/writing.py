"""The trail as a file that proves itself: JSON lines, one entry each, as `scripts/verify-trail` reads them."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.audit.chain import SEALED, instant
from registry.audit.models import AuditEntry

BATCH = 1000


def lines_of_trail(session: Session) -> Iterator[str]:
    """Every entry in order, with all that its seal covers and the seal itself."""
    columns = AuditEntry.__table__.columns
    rows = sa.select(*columns).order_by(columns.sequence)
    with session.execute(rows.execution_options(yield_per=BATCH)) as entries:
        for row in entries:
            content = sealed_content(row) | {"entry_hash": row.entry_hash}
            yield json.dumps(content, ensure_ascii=False) + "\n"


def sealed_content(entry: Any) -> dict[str, Any]:
    """What the seal of an entry covers, as JSON holds it."""
    content = {name: getattr(entry, name) for name in SEALED}
    return content | {"at": instant(entry.at)}
