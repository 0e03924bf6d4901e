"""One release: a file above the cap that somebody wants to take along, and how far the decision has come."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.actors import Actor
from registry.access.exports import ExportReason
from registry.access.models import Account, Role
from registry.access.scopes import declare_reach, reach_by_columns
from registry.base import Base, DivisionCode, Id, PublicCode, ShortText
from registry.organisations.models import Organisation


class ReleaseState(StrEnum):
    """The transitions are in workflow.py."""

    ASKED = "asked"
    RELEASED = "released"
    TAKEN = "taken"
    REFUSED = "refused"
    LAPSED = "lapsed"


class FileKind(StrEnum):
    """The form in which a file is taken along."""

    XLSX = "xlsx"
    CSV = "csv"


class Release(Base):
    """A file with more people than the maker's role may take along at once."""

    __tablename__ = "release"

    id: Mapped[Id]
    code: Mapped[PublicCode]
    state: Mapped[ReleaseState] = mapped_column(default=ReleaseState.ASKED, index=True)
    kind: Mapped[FileKind]
    title: Mapped[ShortText]
    path: Mapped[ShortText]
    """Where the file is made, without what is asked of it."""
    asked_for: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    """What is asked of it: the filters, the order and the day, as they stand in an address."""
    digest: Mapped[str] = mapped_column(sa.String(64))
    """Of the two above and the kind: the file that was released, and no other."""
    about: Mapped[list[Any]] = mapped_column(sa.JSON)
    """Labels and values: the filters in the words that the maker read."""
    rows: Mapped[int]
    """People in the file when it was asked for; it is taken with no more."""
    reason: Mapped[ExportReason]
    note: Mapped[ShortText]
    asked_at: Mapped[datetime]
    asked_as: Mapped[Role]
    division_code: Mapped[DivisionCode]
    """The maker's own, not the file's: it says who stands above him."""
    valid_until: Mapped[date]
    """The last day, in Shanghai, on which the next step can be taken."""
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)

    organisation: Mapped[Organisation | None] = relationship()
    asked_by: Mapped[Account] = relationship()

    __mapper_args__ = {"version_id_col": version}

    def is_asked_in(self, actor: Actor) -> bool:
        """Whether the actor holds the very charge in which it was asked for."""
        charge = (actor.role, actor.division_code, actor.organisation_id)
        return charge == (self.asked_as, self.division_code, self.organisation_id)


def digest_of(kind: FileKind, path: str, asked_for: Mapping[str, str]) -> str:
    """SHA-256 in hexadecimal digits; the order in which filters were typed makes no difference."""
    content = json.dumps([kind.value, path, sorted(asked_for.items())], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


declare_reach(Release, reach_by_columns(Release))
