"""What a row of practitioners changes of what the register knows, field by field."""

from collections.abc import Hashable, Iterator
from typing import Any

from registry.intake.declaration import Change
from registry.intake.kinds.practitioner_rows import Ledger, PractitionerLookups, PractitionerRow
from registry.workforce.models import EducationForm

SEALED = {"identity_index": "identity_number", "phone_index": "phone"}
"""What stands for the sealed columns, and the columns."""


def changes(row: PractitionerRow, lookups: PractitionerLookups) -> list[Change]:
    """Of the person, the post, the education and the certificate; said once, by the row that says it first."""
    return [change for ledger, key in _said_by(row, lookups) for change in _differences(row, ledger, key)]


def _said_by(
    row: PractitionerRow, lookups: PractitionerLookups
) -> Iterator[tuple[Ledger[Any, Any], Hashable]]:
    """The ledgers with the row's keys in them, as plain tuples."""
    yield lookups.people, row.person_no
    yield lookups.posts, (row.person_no, _site_id(row, lookups), row.profession, row.start_on)
    form = row.form or EducationForm.DIPLOMA
    education = (row.person_no, form, row.level, row.catalogue, row.major_code, row.school)
    yield lookups.education, education
    yield lookups.certificates, (row.certificate_kind, row.certificate_number)


def _site_id(row: PractitionerRow, lookups: PractitionerLookups) -> int | None:
    if row.site_code:
        return lookups.by_code[row.site_code].id if row.site_code in lookups.by_code else None
    sites = lookups.by_organisation.get(row.uscc or "", {})
    named = sites.get(row.site_name or "") or next(iter(sites.values()), None)
    return named.id if named else None


def _differences(row: PractitionerRow, ledger: Ledger[Any, Any], key: Hashable) -> Iterator[Change]:
    if ledger.rows.get(key) != row.number or key not in ledger.known:
        return
    before, after = ledger.known[key][1], ledger.said[key]
    for name in before._fields:
        if getattr(before, name) != getattr(after, name):
            yield Change(SEALED.get(name, name), getattr(before, name), getattr(after, name))
