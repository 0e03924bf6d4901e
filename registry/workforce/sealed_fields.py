"""The sealed fields of a practitioner, and what of them an actor sees."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.masks import Field, Mask, mask_now, masked_identity_number, masked_phone
from registry.sealing.fields import SealedField, declare_sealed, sealed_values
from registry.sealing.providers import SealBroken, SealProvider
from registry.workforce.models import Practitioner

IDENTITY_NUMBER = declare_sealed(
    SealedField("practitioner.identity_number", Practitioner.identity_sealed, Practitioner.identity_index)
)
PHONE = declare_sealed(SealedField("practitioner.phone", Practitioner.phone_sealed, Practitioner.phone_index))

SEALED = {Field.STAFF_IDENTITY: IDENTITY_NUMBER, Field.STAFF_PHONE: PHONE}
"""In the order of the page."""

MASKS = {Field.STAFF_IDENTITY: masked_identity_number, Field.STAFF_PHONE: masked_phone}


@dataclass(frozen=True)
class SeenField:
    """One sealed field of one person as an actor sees it."""

    field: Field
    mask: Mask
    """PART where the text is starred."""
    text: str | None = None
    """None where nothing is registered."""
    is_broken: bool = False
    """The value does not open: it was tampered with, or its key is lost."""


def seen_fields(
    session: Session,
    seals: SealProvider,
    actor: Actor,
    people: Iterable[tuple[int, str]],
    *,
    revealed: Collection[str] = (),
) -> dict[int, list[SeenField]]:
    """For people by key and public code, each field that is not hidden from the actor; hidden ones are not read.

    `revealed` are fields that he may see whole for now, as long as his role still sees them in part.
    """
    codes = dict(people)
    masks = {field: mask_now(actor, field, revealed) for field in SEALED}
    shown = {field: mask for field, mask in masks.items() if mask is not Mask.NONE}
    rows = sealed_values(session, [SEALED[field] for field in shown], codes)
    return {
        key: [
            _seen(seals, field, mask, rows[key][SEALED[field].name], codes[key])
            for field, mask in shown.items()
        ]
        for key in rows
    }


def _seen(seals: SealProvider, field: Field, mask: Mask, sealed: bytes | None, code: str) -> SeenField:
    if sealed is None:
        return SeenField(field, mask)
    try:
        text = SEALED[field].opened(seals, sealed, code)
    except SealBroken:
        return SeenField(field, mask, is_broken=True)
    return SeenField(field, mask, text if mask is Mask.SHOW else MASKS[field](text))
