"""Gives the people of the demonstration identity numbers and phones that are nobody's; some have none, as in life."""

from random import Random
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.identifiers import example_identity_number, example_phone
from registry.sealing.providers import SealProvider
from registry.workforce.models import Practitioner
from registry.workforce.sealed_fields import IDENTITY_NUMBER, PHONE

WITH_NUMBER, WITH_PHONE = 0.85, 0.9
PHONES = 10_000
COLUMNS = tuple(column.key for field in (IDENTITY_NUMBER, PHONE) for column in (field.sealed, field.index))


def seal_identities(session: Session, seals: SealProvider, rng: Random) -> None:
    """For the made-up people, in the order of their register numbers; seeded, but for the random part of each seal."""
    example = sa.select(Practitioner.id, Practitioner.code, Practitioner.birth_year).where(
        Practitioner.is_example.is_(True)
    )
    rows = []
    for number, (key, code, birth_year) in enumerate(
        session.execute(example.order_by(Practitioner.person_no)), start=1
    ):
        values: dict[str, object] = dict.fromkeys(COLUMNS)
        if rng.random() < WITH_NUMBER:
            values |= IDENTITY_NUMBER.values(seals, example_identity_number(birth_year, number), code)
        if rng.random() < WITH_PHONE:
            values |= PHONE.values(seals, example_phone(number % PHONES), code)
        rows.append({"key": key} | values)
    if rows:
        table = cast(
            "sa.Table", Practitioner.__table__
        )  # the table: a person's version is for what people change
        setting: dict[str, Any] = {name: sa.bindparam(name) for name in COLUMNS}
        session.execute(sa.update(table).where(table.c.id == sa.bindparam("key")).values(setting), rows)
