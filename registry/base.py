"""The declarative base and the few column kinds that every table shares."""

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

CODE_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 10
"""Ten of 31 letters: among a million rows two equal codes come up less than once in a thousand loads."""


def new_code() -> str:
    """A random short code for the outside: the integer key is never shown."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def new_codes(count: int) -> list[str]:
    """As many codes at once: one draw instead of `count * 8`, for loads of 100,000 rows."""
    usable = 256 - 256 % len(
        CODE_ALPHABET
    )  # bytes beyond a whole multiple would make the first letters likelier
    letters = bytes.maketrans(bytes(range(usable)), (CODE_ALPHABET.encode() * 9)[:usable])
    text = ""
    while len(text) < count * CODE_LENGTH:
        missing = count * CODE_LENGTH - len(text)
        text += secrets.token_bytes(missing + 16).translate(letters, bytes(range(usable, 256))).decode()
    return [text[start : start + CODE_LENGTH] for start in range(0, count * CODE_LENGTH, CODE_LENGTH)]


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database (SQLite keeps no zone)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = Annotated[int, mapped_column(primary_key=True, sort_order=-1)]
PublicCode = Annotated[str, mapped_column(sa.String(16), unique=True, default=new_code)]
ShortText = Annotated[str, mapped_column(sa.String(200))]
LongText = Annotated[str, mapped_column(sa.Text)]
DivisionCode = Annotated[str, mapped_column(sa.String(12), index=True)]
Facts = Annotated[dict[str, Any], mapped_column(sa.JSON)]
Yes = Annotated[bool, mapped_column(default=True)]
No = Annotated[bool, mapped_column(default=False)]


def sealed_column() -> MappedColumn[bytes | None]:
    """A value that only registry/sealing opens; read by nothing that does not name it."""
    return mapped_column(sa.LargeBinary, deferred=True, deferred_raiseload=True)


def index_column() -> MappedColumn[str | None]:
    """The blind index beside a sealed value, for exact search."""
    return mapped_column(sa.String(80), index=True, deferred=True, deferred_raiseload=True)


class Base(DeclarativeBase):
    """Decides once that enums are text and that times are aware."""

    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {
        datetime: UtcDateTime(),
        StrEnum: sa.Enum(
            StrEnum,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }
