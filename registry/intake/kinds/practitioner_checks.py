"""Judges rows of practitioners: what needs more than one cell, more than one row, or the register."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from registry.divisions.codes import lies_within
from registry.intake.bulk import chunks
from registry.intake.declaration import Findings, Outcome
from registry.intake.kinds.practitioner_identities import changed_identities, check_identity, check_number
from registry.intake.kinds.practitioner_reach import (
    beside_what_was_verified,
    kept_by_others,
    refuse_facts_of_others,
    refuse_other_than_verified,
    refuse_own_word,
    refuse_papers_of_former_people,
)
from registry.intake.kinds.practitioner_registrations import check_registration, with_registration
from registry.intake.kinds.practitioner_rows import (
    CertificateFacts,
    CertificateKey,
    EducationFacts,
    EducationKey,
    PersonFacts,
    PostFacts,
    PostKey,
    PractitionerLookups,
    PractitionerRow,
    SiteRef,
    recall,
)
from registry.messages import N_, message
from registry.workforce.models import EducationForm, Verification


def _fields(first: str, last: str) -> slice:
    """The part of a row from one field to another."""
    names = PractitionerRow._fields
    return slice(names.index(first), names.index(last) + 1)


def _part(row: PractitionerRow, fields: slice) -> tuple[object, ...]:
    return tuple.__getitem__(row, fields)


WORKING_AGE = 16
"""Labour law, article 15: nobody is employed below it."""

EDUCATION = ("level", "catalogue", "major_code", "major_name", "school", "obtained_on", "verification")
CERTIFICATE = ("certificate_kind", "certificate_number", "issued_on")
EDUCATION_FIELDS = _fields("form", "verified_on")
CERTIFICATE_FIELDS = _fields("certificate_kind", "valid_to")


def judge(rows: Sequence[PractitionerRow], lookups: PractitionerLookups, findings: Findings) -> list[Outcome]:
    """A row creates what it is the first to name; it changes what the register has otherwise."""
    recall(rows, lookups)
    for chunk in chunks(sorted(lookups.people.known)):
        lookups.kept_by_others.update(kept_by_others(lookups.session, chunk, lookups.context))
    outcomes = [_judge_row(row, lookups, findings) for row in rows]
    _check_overlaps(lookups, findings)
    refuse_papers_of_former_people(lookups, findings)
    return outcomes


def _judge_row(row: PractitionerRow, lookups: PractitionerLookups, findings: Findings) -> Outcome:
    parts = (
        _say_person(row, lookups, findings),
        _say_post(row, lookups, findings),
        _say_education(row, lookups, findings),
        _say_certificate(row, lookups, findings),
    )
    if Outcome.CREATE in parts:
        return Outcome.CREATE
    return Outcome.UPDATE if Outcome.UPDATE in parts else Outcome.SAME


def _say_person(row: PractitionerRow, lookups: PractitionerLookups, findings: Findings) -> Outcome:
    if row.person_no is None or row.name is None or row.birth_year is None:
        return Outcome.SAME
    check_number(row, lookups, findings)
    check_identity(row, lookups, findings)
    indexes = lookups.identities.indexes_of(row)
    outcome = lookups.people.say(row.person_no, PersonFacts(row.name, row.birth_year, *indexes), row.number)
    if outcome is Outcome.ERROR:
        first = lookups.people.rows[row.person_no]
        findings.error(
            row.number,
            "person_no",
            message(N_("与第%(row)s行的人员编号相同，姓名、出生年份、身份证号或手机号却不同。"), row=first),
            message(N_("一个编号只属于一个人：请核对这几列。")),
        )
    elif row.person_no in lookups.kept_by_others:
        refuse_facts_of_others(row, "person_no", outcome, lookups, findings)
    elif outcome is Outcome.UPDATE:
        _doubt_new_name(row, lookups, findings)
    return outcome


def _doubt_new_name(row: PractitionerRow, lookups: PractitionerLookups, findings: Findings) -> None:
    before = lookups.people.known[row.person_no or ""][1]
    if before.name != row.name and before.birth_year != row.birth_year:
        findings.error(
            row.number,
            "person_no",
            message(N_("这个人员编号已登记在另一人名下：姓名和出生年份都不同。")),
            message(N_("请核对人员编号。")),
        )
        return
    changed = [key for key in ("name", "birth_year") if getattr(before, key) != getattr(row, key)]
    for key in (*changed, *changed_identities(row, before, lookups, findings)):
        findings.warning(
            row.number,
            key,
            message(N_("与已登记的不同，导入后以这次为准。")),
            message(N_("请确认是更正，不是填错。")),
        )


def _say_post(row: PractitionerRow, lookups: PractitionerLookups, findings: Findings) -> Outcome:
    site = _site_of(row, lookups, findings)
    _check_post_dates(row, findings)
    if site is None or row.person_no is None or row.profession is None or row.start_on is None:
        return Outcome.SAME
    if row.engagement is None or row.serves_programme is None:
        return Outcome.SAME
    key = PostKey(row.person_no, site.id, row.profession, row.start_on)
    facts = PostFacts(row.engagement, row.serves_programme, row.direct_service, row.end_on)
    outcome = lookups.posts.say(key, facts, row.number)
    if outcome is Outcome.ERROR:
        findings.error(
            row.number,
            "profession",
            message(
                N_("与第%(row)s行是同一任职，用工形式、从事本项服务、直接服务或离任日期却不同。"),
                row=lookups.posts.rows[key],
            ),
            message(N_("同一任职因多个学历或证书占多行时，任职各列要一致。")),
        )
    return outcome


def _site_of(row: PractitionerRow, lookups: PractitionerLookups, findings: Findings) -> SiteRef | None:
    site = lookups.by_code.get(row.site_code) if row.site_code else _site_by_name(row, lookups, findings)
    if site is None:
        if row.site_code:
            findings.error(
                row.number,
                "site_code",
                message(N_("没有这个站点编号。")),
                message(N_("请从站点列表复制编号，或改填统一社会信用代码和站点名称。")),
            )
        return None
    context = lookups.context
    inside = lies_within(site.division_code, context.division_code)
    if not inside or context.organisation_id not in (None, site.organisation_id):
        findings.error(
            row.number,
            "site_code" if row.site_code else "uscc",
            message(N_("这个站点不在您可以导入的范围内。")),
            message(N_("请删去这一行，由站点所属的机构或其责任区划导入。")),
        )
    return site


def _site_by_name(row: PractitionerRow, lookups: PractitionerLookups, findings: Findings) -> SiteRef | None:
    if row.uscc is None:
        if not findings.is_flawed(row.number, "uscc") and not findings.is_flawed(row.number, "site_code"):
            findings.error(
                row.number,
                "site_code",
                message(N_("没有写明任职的站点。")),
                message(N_("请填站点编号，或填统一社会信用代码和站点名称。")),
            )
        return None
    sites = lookups.by_organisation.get(row.uscc)
    if not sites:
        findings.error(
            row.number,
            "uscc",
            message(N_("登记库里没有这个统一社会信用代码的机构。")),
            message(N_("请先导入机构和站点，再导入从业人员。")),
        )
        return None
    if row.site_name is None and len(sites) == 1:
        return next(iter(sites.values()))
    if row.site_name is None or row.site_name not in sites:
        findings.error(
            row.number,
            "site_name",
            message(N_("这家机构的%(count)s个站点里没有这个名称。"), count=len(sites)),
            message(N_("请填下列之一：%(names)s。"), names=tuple(sorted(sites)[:5])),
        )
        return None
    return sites[row.site_name]


def _check_post_dates(row: PractitionerRow, findings: Findings) -> None:
    if row.start_on and row.end_on and row.end_on <= row.start_on:
        findings.error(
            row.number,
            "end_on",
            message(N_("离任日期不晚于任职日期。")),
            message(N_("请核对两个日期；仍在任的，离任日期留空。")),
        )
    if row.start_on and row.birth_year and row.start_on.year - row.birth_year < WORKING_AGE:
        findings.error(
            row.number,
            "birth_year",
            message(N_("任职时不满%(age)s周岁。"), age=WORKING_AGE),
            message(N_("请核对出生年份和任职日期。")),
        )


def _say_education(row: PractitionerRow, lookups: PractitionerLookups, findings: Findings) -> Outcome:
    if not any(_part(row, EDUCATION_FIELDS)):
        return Outcome.SAME
    _report_gaps(row, EDUCATION, findings)
    _check_verification(row, lookups.context.on, findings)
    key, facts = _education_of(row)
    if key is None or facts is None:
        return Outcome.SAME
    known = lookups.education.known.get(key)
    facts = beside_what_was_verified(facts, known[1] if known else None, lookups.context.organisation_id)
    outcome = lookups.education.say(key, facts, row.number)
    if outcome is Outcome.ERROR:
        findings.error(
            row.number,
            "major_code",
            message(N_("与第%(row)s行是同一学历，其他各列却不同。"), row=lookups.education.rows[key]),
            message(N_("请核对后把两行改成一致，或只留一行。")),
        )
    refuse_facts_of_others(row, "major_code", outcome, lookups, findings)
    refuse_other_than_verified(row, outcome, facts, findings)
    refuse_own_word(row, outcome, facts, lookups, findings)
    return outcome


def _education_of(row: PractitionerRow) -> tuple[EducationKey | None, EducationFacts | None]:
    if row.person_no is None or row.level is None or row.catalogue is None:
        return None, None
    if row.major_code is None or row.school is None or row.major_name is None:
        return None, None
    if row.obtained_on is None or row.verification is None:
        return None, None
    form = row.form or EducationForm.DIPLOMA
    key = EducationKey(row.person_no, form, row.level, row.catalogue, row.major_code, row.school)
    return key, EducationFacts(row.major_name, row.obtained_on, row.verification, row.verified_on)


def _report_gaps(row: PractitionerRow, required: Sequence[str], findings: Findings) -> None:
    """A group of columns that is filled in part is reported cell by cell."""
    for key in required:
        if getattr(row, key) is None and not findings.is_flawed(row.number, key):
            findings.error(
                row.number,
                key,
                message(N_("同一组的其他列填了，这一列没有填。")),
                message(N_("请补填；没有学历或证书要登记时，整组留空。")),
            )


def _check_verification(row: PractitionerRow, on: date, findings: Findings) -> None:
    if row.obtained_on and row.obtained_on > on:
        findings.error(
            row.number,
            "obtained_on",
            message(N_("取得日期在今天之后。")),
            message(N_("请对照证书核对日期。")),
        )
    if row.verification is None or findings.is_flawed(row.number, "verified_on"):
        return
    if row.verification is Verification.VERIFIED and row.verified_on is None:
        findings.error(
            row.number,
            "verified_on",
            message(N_("已核验的要写明核验日期。")),
            message(N_("请补填核验日期；还没有核验的，核验情况改为“核验中”。")),
        )
    if row.verification is not Verification.VERIFIED and row.verified_on is not None:
        findings.error(
            row.number,
            "verified_on",
            message(N_("没有核验通过，却填了核验日期。")),
            message(N_("请清空核验日期，或把核验情况改为“已核验”。")),
        )


def _say_certificate(row: PractitionerRow, lookups: PractitionerLookups, findings: Findings) -> Outcome:
    if not any(_part(row, CERTIFICATE_FIELDS)):
        return Outcome.SAME
    _report_gaps(row, CERTIFICATE, findings)
    if row.certificate_kind is None or row.certificate_number is None or row.issued_on is None:
        return Outcome.SAME
    key = CertificateKey(row.certificate_kind, row.certificate_number)
    facts = CertificateFacts(
        row.person_no or "", row.grade or "", row.issued_on, row.valid_from, row.valid_to
    )
    outcome = lookups.certificates.say(key, with_registration(key, facts, lookups), row.number)
    check_registration(row, key, lookups, findings)
    if outcome is Outcome.ERROR:
        findings.error(
            row.number,
            "certificate_number",
            message(
                N_("与第%(row)s行的证书编号相同，持证人或其他各列却不同。"),
                row=lookups.certificates.rows[key],
            ),
            message(N_("一本证书只属于一个人：请对照证书核对。")),
        )
    elif outcome is Outcome.UPDATE and lookups.certificates.known[key][1].person_no != row.person_no:
        findings.error(
            row.number,
            "certificate_number",
            message(N_("这个证书编号已登记在另一人名下。")),
            message(N_("请对照证书核对编号和人员编号。")),
        )
    else:
        refuse_facts_of_others(row, "certificate_number", outcome, lookups, findings)
    return outcome


class Stay(NamedTuple):
    """One post as a period at an institution; `row` is None where only the register has it."""

    start_on: date
    end_on: date | None
    row: int | None


def _check_overlaps(lookups: PractitionerLookups, findings: Findings) -> None:
    """A person is at one institution once at a time, whatever the site and the profession."""
    said, known = lookups.posts.said, lookups.posts.known
    together: dict[tuple[str, int], list[PostKey]] = {}
    for key in (*said, *(key for key in known if key not in said)):
        place = key.person_no, lookups.organisation_of[key.site_id]
        if place in together:
            together[place].append(key)
        else:
            together[place] = [key]
    for keys in together.values():
        if len(keys) > 1:
            stays = [_stay(key, lookups) for key in keys]
            _report_overlaps(sorted(stays, key=lambda stay: stay.start_on), findings)


def _stay(key: PostKey, lookups: PractitionerLookups) -> Stay:
    facts = lookups.posts.said.get(key) or lookups.posts.known[key][1]
    return Stay(key.start_on, facts.end_on, lookups.posts.rows.get(key))


def _report_overlaps(together: Iterable[Stay], findings: Findings) -> None:
    held: Stay | None = None
    for stay in together:
        if held is not None and (held.end_on is None or held.end_on > stay.start_on):
            _report_overlap(held, stay, findings)
        if held is None or (held.end_on is not None and (stay.end_on is None or stay.end_on > held.end_on)):
            held = stay


def _report_overlap(held: Stay, stay: Stay, findings: Findings) -> None:
    if stay.row is not None and held.row is not None:
        what = message(N_("与第%(row)s行重叠：同一人在同一机构同时有两段任职。"), row=held.row)
    else:
        what = message(N_("与已登记的任职重叠：同一人在同一机构同时有两段任职。"))
    row = stay.row if stay.row is not None else held.row
    if row is not None:
        findings.error(
            row,
            "start_on",
            what,
            message(N_("请核对任职和离任日期；已离任的补填离任日期，重复的删去一行。")),
        )
