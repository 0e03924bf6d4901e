"""Classes of fields and how each role sees them; masks are applied where view data are made.

The classes are those of the threat model (docs/security). A role that is not named sees nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from registry.access.actors import Actor
from registry.access.models import Role


class Mask(StrEnum):
    """As it is, in part, or not at all."""

    SHOW = "show"
    PART = "part"
    NONE = "none"


STAFF_NAME: dict[Role, Mask] = {
    Role.PROVINCE: Mask.PART,
    Role.CITY: Mask.PART,
    Role.DISTRICT: Mask.SHOW,
    Role.STREET: Mask.PART,
    Role.STATION: Mask.SHOW,
    Role.PROVIDER: Mask.SHOW,
    Role.SOCIALWORK: Mask.PART,
    Role.HR: Mask.PART,
}
"""Names of practitioners (C2): who keeps the register of a place or of his own organisation sees them whole."""

STAFF_PHONE: dict[Role, Mask] = {
    Role.DISTRICT: Mask.PART,
    Role.STREET: Mask.PART,
    Role.STATION: Mask.SHOW,
    Role.PROVIDER: Mask.SHOW,
}
"""Phones of practitioners (C2): an employer has the number anyway, a regulator reveals it with a reason."""

STAFF_IDENTITY: dict[Role, Mask] = {
    Role.DISTRICT: Mask.PART,
    Role.STREET: Mask.PART,
    Role.STATION: Mask.SHOW,
    Role.PROVIDER: Mask.PART,
}
"""Identity numbers of practitioners (C3): city and province work with figures and have no use for them."""


STAFF_CERTIFICATE: dict[Role, Mask] = {
    role: Mask.SHOW if mask is Mask.SHOW else Mask.PART for role, mask in STAFF_NAME.items()
}
"""Numbers of certificates (C3): whoever may not know the whole name must not look it up by the number, and the number
of a physician's certificate holds the identity number."""


ACTIVITY_SHEET: dict[Role, Mask] = {
    Role.DISTRICT: Mask.PART,
    Role.STREET: Mask.PART,
    Role.STATION: Mask.SHOW,
    Role.PROVIDER: Mask.SHOW,
}
"""Photos of sign-in sheets (C3): names of those who came. Whoever keeps the paper sees them; in part is to know
that there is one."""
EDUCATION_PROOF: dict[Role, Mask] = {Role.DISTRICT: Mask.SHOW, Role.PROVIDER: Mask.SHOW}
"""Scans of diplomas and of the ministry's record of them (C3: face, day of birth, numbers): whoever tells of a diploma
and whoever verifies it, and nobody else."""
OF_ENQUIRIES: dict[Role, Mask] = {Role.DISTRICT: Mask.SHOW}
"""What the public wrote and was answered (C3: people type names into it): whoever answers, and nobody else."""


class FieldClass(StrEnum):
    """How much harm it does when a field is seen by somebody whom it does not concern."""

    C0 = "c0"
    """Public: the directory of institutions, notices."""
    C1 = "c1"
    """Internal: drafts, unpublished ratings."""
    C2 = "c2"
    """Names, phones and addresses of people."""
    C3 = "c3"
    """Identity: identity numbers, certificates of disability."""
    C4 = "c4"
    """Clinical."""
    C5 = "c5"
    """Keys and password hashes: shown to nobody."""


class Field(StrEnum):
    """Fields of C2 and above; whatever is not here is C0 or C1 and shown to whoever sees the record."""

    STAFF_NAME = "practitioner.name"
    STAFF_BIRTH_YEAR = "practitioner.birth_year"
    STAFF_PHONE = "practitioner.phone"
    STAFF_IDENTITY = "practitioner.identity_number"
    STAFF_CERTIFICATE = "practitioner.certificate_number"
    ACTIVITY_SHEET = "activity.sign_in_sheet"
    EDUCATION_PROOF = "education.proof"
    ENQUIRY_TEXT = "enquiry.text"
    ENQUIRY_CONTACT = "enquiry.contact"
    ENQUIRY_ANSWER = "enquiry.answer"


@dataclass(frozen=True)
class FieldRule:
    """The class of a field and its mask for each role."""

    field_class: FieldClass
    masks: Mapping[Role, Mask]
    emergency: frozenset[Role] = frozenset()
    """Roles that may open a clinical field in an emergency (emergencies.py) though their mask hides it."""


WHOLE_NAME_ONLY = {role: mask for role, mask in STAFF_NAME.items() if mask is Mask.SHOW}
"""A year of birth has no part that says less."""

FIELDS: dict[str, FieldRule] = {
    Field.STAFF_NAME: FieldRule(FieldClass.C2, STAFF_NAME),
    Field.STAFF_BIRTH_YEAR: FieldRule(FieldClass.C2, WHOLE_NAME_ONLY),
    Field.STAFF_PHONE: FieldRule(FieldClass.C2, STAFF_PHONE),
    Field.STAFF_IDENTITY: FieldRule(FieldClass.C3, STAFF_IDENTITY),
    Field.STAFF_CERTIFICATE: FieldRule(FieldClass.C3, STAFF_CERTIFICATE),
    Field.ACTIVITY_SHEET: FieldRule(FieldClass.C3, ACTIVITY_SHEET),
    Field.EDUCATION_PROOF: FieldRule(FieldClass.C3, EDUCATION_PROOF),
    Field.ENQUIRY_TEXT: FieldRule(FieldClass.C3, OF_ENQUIRIES),
    Field.ENQUIRY_CONTACT: FieldRule(FieldClass.C3, OF_ENQUIRIES),
    Field.ENQUIRY_ANSWER: FieldRule(FieldClass.C3, OF_ENQUIRIES),
}
"""By the name of the field. A noun that brings fields of its own puts them here."""

ASKS_FRESH_PROOF = frozenset({FieldClass.C3, FieldClass.C4})
"""Whoever sees a field of these classes whole has proved just now who he is."""

COMPOUND_SURNAMES = frozenset(
    {"欧阳", "司马", "上官", "诸葛", "东方", "尉迟", "皇甫", "令狐", "慕容", "公孙"}
)


def masked_name(name: str) -> str:
    """张三 becomes 张*, 欧阳小明 becomes 欧阳*明: the surname and, in longer names, the last character stay."""
    surname = name[:2] if name[:2] in COMPOUND_SURNAMES else name[:1]
    given = name[len(surname) :]
    if len(given) <= 1:
        return surname + "*"
    return surname + "*" * (len(given) - 1) + given[-1]


def masked_identity_number(number: str) -> str:
    """3204**********12: the division of the province and city, and the last two characters."""
    return number[:4] + "*" * (len(number) - 6) + number[-2:]


def masked_phone(number: str) -> str:
    """138****0021; of a fixed line the area and the last two digits."""
    is_mobile = number.startswith("1")
    kept = 4 if is_mobile else 2
    return number[:3] + "*" * (len(number) - 3 - kept) + number[-kept:]


def masked_certificate_number(number: str) -> str:
    """****8888: the last four characters; of a number that is no longer than that, nothing."""
    kept = number[-4:] if len(number) > 4 else ""
    return "*" * (len(number) - len(kept)) + kept


def mask_of(actor: Actor, field: str) -> Mask:
    """How the actor sees a field."""
    return FIELDS[field].masks.get(actor.role, Mask.NONE)


def mask_now(actor: Actor, field: str, revealed: Collection[str]) -> Mask:
    """The same with what he was shown on request: only what his role sees in part, or may open in an emergency.

    For pages of one record. Files are made with `mask_of`: nothing that was opened leaves the house with them.
    """
    mask = mask_of(actor, field)
    may_be_whole = mask is Mask.PART or may_open_in_emergency(actor, field)
    return Mask.SHOW if field in revealed and may_be_whole else mask


def may_open_in_emergency(actor: Actor, field: str) -> bool:
    """Whether the role may, where it does not see the field anyway."""
    return mask_of(actor, field) is not Mask.SHOW and actor.role in FIELDS[field].emergency


def asks_fresh_proof(field: str) -> bool:
    """Whether nobody is shown the field whole on a proof of an hour ago."""
    return FIELDS[field].field_class in ASKS_FRESH_PROOF


def sees_whole_names(actor: Actor) -> bool:
    """Whether names of practitioners are shown to the actor as they are registered."""
    return mask_of(actor, Field.STAFF_NAME) is Mask.SHOW


def staff_name(actor: Actor, name: str) -> str | None:
    """A practitioner's name as the actor sees it; None where he may not see it."""
    mask = mask_of(actor, Field.STAFF_NAME)
    if mask is Mask.NONE:
        return None
    return name if mask is Mask.SHOW else masked_name(name)


def certificate_number(actor: Actor, number: str) -> str | None:
    """The number of a practitioner's certificate as the actor sees it; None where he may not see it."""
    mask = mask_of(actor, Field.STAFF_CERTIFICATE)
    if mask is Mask.NONE:
        return None
    return number if mask is Mask.SHOW else masked_certificate_number(number)
