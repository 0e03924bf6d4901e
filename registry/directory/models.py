"""How the name of a place is read: what a search looks through."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.base import Base, Id, LongText


class NameReading(Base):
    """One way to read the name of one site; a name whose first character is read in several ways has several."""

    __tablename__ = "name_reading"

    id: Mapped[Id]
    name: Mapped[LongText]
    """What was read: where the site or its organisation is called otherwise today, the reading is made anew."""
    text: Mapped[LongText]
    """The name without marks, its pinyin without tones, the initials; a blank before each: " 新芽 xinya xy"."""
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id", ondelete="CASCADE"), index=True)
