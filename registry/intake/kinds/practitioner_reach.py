"""What of a known person a loader may change: the facts of his own people, and no diploma on his own word."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.divisions.codes import NATION, within
from registry.intake.declaration import Context, Findings, Outcome
from registry.intake.kinds.practitioner_rows import EducationFacts, PractitionerLookups, PractitionerRow
from registry.messages import N_, message
from registry.organisations.models import Site
from registry.workforce.models import Post, Practitioner, Verification


def kept_by_others(session: Session, numbers: Sequence[str], context: Context) -> set[str]:
    """Of known register numbers, those whose facts the loader may not change.

    A regulator keeps whoever ever held a post in his division; an institution keeps whoever never held one elsewhere.
    """
    is_whole_register = context.division_code == NATION and context.organisation_id is None
    if is_whole_register:
        return set()
    is_own = within(Site.division_code, context.division_code)
    if context.organisation_id is not None:
        is_own = sa.and_(is_own, Site.organisation_id == context.organisation_id)
    decisive = sa.func.max if context.organisation_id is None else sa.func.min
    statement = (
        sa.select(Practitioner.person_no)
        .join(Post, Post.practitioner_id == Practitioner.id)
        .join(Site, Site.id == Post.site_id)
        .where(Practitioner.person_no.in_(numbers))
        .group_by(Practitioner.person_no)
        .having(decisive(sa.case((is_own, 1), else_=0)) == 0)
    )
    return set(session.scalars(statement))


def refuse_facts_of_others(
    row: PractitionerRow, key: str, outcome: Outcome, lookups: PractitionerLookups, findings: Findings
) -> None:
    """New posts and certificates come from anywhere; what is registered is mended where it is kept."""
    if outcome is Outcome.UPDATE and row.person_no in lookups.kept_by_others:
        findings.error(
            row.number,
            key,
            message(N_("这个人员编号也在其他单位登记，文件内容与已登记的不同，不能在这里更正。")),
            message(N_("请核对人员编号；确需更正的，请由其任职单位共同的主管部门导入。")),
        )


def refuse_papers_of_former_people(lookups: PractitionerLookups, findings: Findings) -> None:
    """As by hand: whoever let somebody go adds no papers of his. Whom the register does not know is nobody else's."""
    if lookups.context.organisation_id is None:
        return
    staff = _staff(lookups)
    diplomas, certificates = lookups.education, lookups.certificates
    papers = [(key.person_no, diplomas.rows[key], "major_code") for key, _facts in diplomas.new()]
    papers += [
        (facts.person_no, certificates.rows[key], "certificate_number") for key, facts in certificates.new()
    ]
    for person_no, row, column in papers:
        if person_no in lookups.people.known and person_no not in staff:
            what = message(N_("这名人员已不在本机构任职，不能由本机构补登学历或证书。"))
            remedy = message(
                N_("请清空这一组各列，由其现任职机构或区县登记；回来任职的，请一并填写新的任职。")
            )
            findings.error(row, column, what, remedy)


def _staff(lookups: PractitionerLookups) -> set[str]:
    """Register numbers with a post at the institution that has not ended, by the register or by the file."""
    own, posts = lookups.context.organisation_id, lookups.posts
    known = ((key, facts) for key, (_id, facts) in posts.known.items())
    return {
        key.person_no
        for key, facts in (*known, *posts.said.items())
        if lookups.organisation_of[key.site_id] == own
        and (facts.end_on is None or facts.end_on > lookups.context.on)
    }


def beside_what_was_verified(
    facts: EducationFacts, known: EducationFacts | None, organisation_id: int | None
) -> EducationFacts:
    """“核验中” of an institution, as the template bids it write, takes back nothing that its district verified."""
    is_verified = known is not None and known.verification is Verification.VERIFIED
    if organisation_id is None or facts.verification is not Verification.PENDING or not is_verified:
        return facts
    return facts._replace(verification=None, verified_on=None)


def refuse_other_than_verified(
    row: PractitionerRow, outcome: Outcome, facts: EducationFacts, findings: Findings
) -> None:
    """What was verified is mended once the district has taken its word back."""
    if outcome is Outcome.UPDATE and facts.verification is None:
        findings.error(
            row.number,
            "major_name",
            message(N_("这一学历已核验，专业名称或取得日期却与登记的不同。")),
            message(N_("请改回登记的内容；登记有误的，请区县撤销核验后再更正。")),
        )


def refuse_own_word(
    row: PractitionerRow,
    outcome: Outcome,
    facts: EducationFacts,
    lookups: PractitionerLookups,
    findings: Findings,
) -> None:
    """Only a verified diploma counts, so whoever is counted does not verify it."""
    is_news = outcome in (Outcome.CREATE, Outcome.UPDATE)
    if (
        lookups.context.organisation_id is not None
        and is_news
        and facts.verification not in (None, Verification.PENDING)
    ):
        findings.error(
            row.number,
            "verification",
            message(N_("机构不能登记自己人员学历的核验结果。")),
            message(N_("请填“核验中”，由区县核对原件后登记核验结果。")),
        )
