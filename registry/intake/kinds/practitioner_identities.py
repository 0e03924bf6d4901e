"""Judges identity numbers and phones: one number is one person, wherever he works, and fits the year of birth."""

from collections.abc import Iterator

from registry.intake.declaration import Findings
from registry.intake.identity_numbers import birth_year_of
from registry.intake.kinds.practitioner_rows import PersonFacts, PractitionerLookups, PractitionerRow
from registry.messages import N_, message


def check_number(row: PractitionerRow, lookups: PractitionerLookups, findings: Findings) -> None:
    """A former number names nobody any more: a row that uses it would make him a second time."""
    if row.person_no in lookups.former:
        findings.error(
            row.number,
            "person_no",
            message(N_("这个人员编号已并入“%(number)s”。"), number=lookups.former[row.person_no]),
            message(N_("请改用合并后的编号。")),
        )


def check_identity(row: PractitionerRow, lookups: PractitionerLookups, findings: Findings) -> None:
    """What a row says of an identity number, beside the other rows and the register."""
    if row.identity_number is None or row.person_no is None:
        return
    if row.birth_year is not None and birth_year_of(row.identity_number) != row.birth_year:
        findings.error(
            row.number,
            "identity_number",
            message(N_("与出生年份不一致。")),
            message(N_("请对照身份证核对身份证号和出生年份。")),
        )
    index = lookups.identities.indexes_of(row)[0] or ""
    owner, first = lookups.identities.first_rows.setdefault(index, (row.person_no, row.number))
    if owner != row.person_no:
        findings.error(
            row.number,
            "identity_number",
            message(N_("与第%(row)s行的身份证号相同，人员编号却不同。"), row=first),
            message(N_("同一个人只用一个人员编号：请核对两行的人员编号和身份证号。")),
        )
    known = lookups.identities.owners.get(index, row.person_no)
    if known != row.person_no and row.person_no in lookups.people.known:
        lookups.same_people.add((known, row.person_no))
        findings.warning(
            row.number,
            "identity_number",
            message(N_("这个身份证号已登记在人员编号“%(number)s”名下。"), number=known),
            message(N_("导入后由区县核对两个编号是否同一人；不是的，请核对身份证号后再导入。")),
        )
    elif known != row.person_no:
        findings.error(
            row.number,
            "identity_number",
            message(N_("这个身份证号已登记在人员编号“%(number)s”名下。"), number=known),
            message(N_("同一个人只用一个人员编号：是同一人的，请改用这个编号；不是的，请核对身份证号。")),
        )


def changed_identities(
    row: PractitionerRow, before: PersonFacts, lookups: PractitionerLookups, findings: Findings
) -> Iterator[str]:
    """Columns with another value than the registered one; an institution does not exchange an identity number."""
    identity, phone = lookups.identities.indexes_of(row)
    if phone and before.phone_index and phone != before.phone_index:
        yield "phone"
    if not identity or not before.identity_index or identity == before.identity_index:
        return
    if lookups.context.organisation_id is None:
        yield "identity_number"
        return
    findings.error(
        row.number,
        "identity_number",
        message(N_("与这个人员编号已登记的身份证号不同。")),
        message(N_("请核对人员编号和身份证号；登记有误的，请报区县更正。")),
    )
