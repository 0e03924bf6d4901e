"""Why somebody counts or does not, as sentences; of several reasons the one nearest to counting is given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from registry.messages import N_, Message, message
from registry.periods import Period
from registry.vocabulary import term
from registry.workforce.models import (
    Catalogue,
    Certificate,
    Education,
    EducationForm,
    Engagement,
    Major,
    Verification,
)
from registry.workforce.records import Spell

Majors = Mapping[tuple[Catalogue, str], Sequence[Major]]


@dataclass(frozen=True)
class Ranked:
    """A reason and how near it is to counting: the lower the nearer."""

    rank: int
    reason: Message


def diploma_reason(education: Iterable[Education], majors: Majors, on: date) -> Message:
    """Why the education makes somebody qualified, or why not."""
    reasons = [_of_education(one, majors.get((one.catalogue, one.major_code), ()), on) for one in education]
    nobody = message(N_("没有学历登记，请补录并提交核验。"))
    return min(reasons, key=lambda one: one.rank).reason if reasons else nobody


def certificate_reason(certificates: Iterable[Certificate], on: date) -> Message:
    """Why the certificates make somebody certified, or why not."""
    reasons = [_of_certificate(one, on) for one in certificates]
    nobody = message(N_("没有社会工作者职业水平证书。"))
    return min(reasons, key=lambda one: one.rank).reason if reasons else nobody


def outside_reason(spell: Spell, on: date) -> Ranked:
    """Why a spell does not make somebody staff by the rule of the reading."""
    ended: list[tuple[Period, str]] = [
        (spell.post, N_("任职已于%(day)s结束。")),
        (spell.standing, N_("机构已于%(day)s退出机构库。")),
        (spell.placement, N_("服务场所已于%(day)s迁出。")),
    ]
    for rank, (period, sentence) in enumerate(ended):
        if not period.holds_on(on) and period.end is not None:
            return Ranked(10 + rank, message(sentence, day=period.end.isoformat()))
    if spell.engagement is Engagement.VOLUNTEER:
        return Ranked(2, message(N_("志愿者不计入从业人员。")))
    if spell.engagement is Engagement.INTERN:
        return Ranked(1, message(N_("实习人员不计入从业人员。")))
    return Ranked(0, message(N_("在本机构从事其他业务，按本口径不计；改用“机构全部人员”口径时计入。")))


def indirect_reason() -> Ranked:
    """Staff whose post does not work with the people served, where a figure looks at those alone."""
    return Ranked(0, message(N_("不是直接服务岗位，本指标不计。")))


def lacking_reason() -> Ranked:
    """Staff without the paper that a figure asks of its denominator."""
    return Ranked(0, message(N_("没有社会工作者职业水平证书，本指标不计。")))


def registration_reason(certificates: Iterable[Certificate], on: date) -> Message:
    """Whether the registration of a certificate holds, and if not, since when."""
    reasons = [_of_registration(one, on) for one in certificates]
    nobody = message(N_("没有社会工作者职业水平证书。"))
    return min(reasons, key=lambda one: one.rank).reason if reasons else nobody


def training_reason(tenths: int, needed: Fraction) -> Message:
    """How many hours somebody has attended in the year, of how many."""
    places = {"hours": hours_text(Fraction(tenths, 10)), "needed": hours_text(needed / 10)}
    if tenths >= needed:
        return message(N_("本年度已参加康复培训%(hours)s学时，达到%(needed)s学时。"), **places)
    short = hours_text((needed - tenths) / 10)
    sentence = N_("本年度已参加康复培训%(hours)s学时，规定%(needed)s学时，还差%(short)s学时。")
    return message(sentence, short=short, **places)


def hours_text(hours: Fraction) -> str:
    """“20”, “13.5”, “16.7”: what is lacking is rounded up."""
    tenths = -(-hours.numerator * 10 // hours.denominator)
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else str(whole)


def repeat_reason(organisation_name: str) -> Message:
    """A person of two institutions is counted at the first of them in a pooled sum."""
    return message(N_("已在“%(name)s”计入，合计中同一人只计一次。"), name=organisation_name)


def _of_education(one: Education, listed: Sequence[Major], on: date) -> Ranked:
    in_force = [major for major in listed if Period(major.valid_from, major.valid_to).holds_on(on)]
    counting = [major for major in in_force if major.counts]
    if one.form is EducationForm.DEGREE:
        return Ranked(8, _say(one, N_("只有学位证书“%(major)s”（%(code)s），没有学历证书；请补录学历。")))
    if not counting:
        return _of_major(one, in_force, listed)
    return _of_verification(one, on)


def _of_major(one: Education, in_force: Sequence[Major], listed: Sequence[Major]) -> Ranked:
    if in_force and in_force[-1].note:
        sentence = N_("专业“%(major)s”（%(code)s）在专业目录中列为不计入：%(note)s")
        return Ranked(6, _say(one, sentence, note=in_force[-1].note))
    if in_force:
        return Ranked(6, _say(one, N_("专业“%(major)s”（%(code)s）在专业目录中列为不计入。")))
    if listed:
        return Ranked(5, _say(one, N_("专业“%(major)s”（%(code)s）当日不在专业目录的有效期内。")))
    return Ranked(7, _say(one, N_("专业“%(major)s”（%(code)s）不在相关专业目录内。")))


def _of_verification(one: Education, on: date) -> Ranked:
    if one.obtained_on > on:
        sentence = N_("专业“%(major)s”（%(code)s）学历于%(day)s取得，当日尚未取得。")
        return Ranked(3, _say(one, sentence, day=one.obtained_on.isoformat()))
    if one.verification is Verification.PENDING:
        return Ranked(1, _say(one, N_("专业“%(major)s”（%(code)s）学历核验中，核验通过后计入。")))
    if one.verification is Verification.REJECTED or one.verified_on is None:
        return Ranked(4, _say(one, N_("专业“%(major)s”（%(code)s）学历核验未通过；请核对证书后重新提交。")))
    if one.verified_on > on:
        sentence = N_("专业“%(major)s”（%(code)s）学历于%(day)s核验，自该日起计入。")
        return Ranked(2, _say(one, sentence, day=one.verified_on.isoformat()))
    return Ranked(
        0, _say(one, N_("%(level)s学历，专业“%(major)s”（%(code)s），已核验。"), level=term(one.level))
    )


def _say(one: Education, sentence: str, **more: Any) -> Message:
    return message(sentence, major=one.major_name, code=one.major_code, **more)


def _of_certificate(one: Certificate, on: date) -> Ranked:
    """Without its number: a figure is read by many who may not know whose certificate it is."""
    if one.issued_on > on:
        return _begins(one, one.issued_on)
    if one.valid_from is None and one.valid_to is not None:
        return _of_registered(one, Period(None, one.valid_to), on)
    if all(period.start is not None and period.start > on for period in one.registrations):
        return Ranked(0, message(N_("%(grade)s证书已取得，当日尚未登记。"), grade=one.grade))
    return _of_registered(one, _registered(one, on), on)


def _of_registration(one: Certificate, on: date) -> Ranked:
    """A paper that was never registered comes after one whose registration ran out."""
    if one.issued_on <= on and one.valid_from is None:
        return Ranked(3, message(N_("%(grade)s证书尚未登记，请办理登记。"), grade=one.grade))
    registered = _registered(one, on)
    begins = max(one.issued_on, registered.start or one.issued_on)
    return _begins(one, begins) if begins > on else _of_registered(one, registered, on)


def _begins(one: Certificate, day: date) -> Ranked:
    return Ranked(1, message(N_("%(grade)s证书自%(day)s起有效。"), grade=one.grade, day=day.isoformat()))


def _registered(one: Certificate, on: date) -> Period:
    """The registration that had begun last by a day; before the first one, that one."""
    begun = [period for period in one.registrations if period.start is None or period.start <= on]
    return (begun[-1:] or one.registrations[:1] or (Period(None, one.valid_to),))[0]


def _of_registered(one: Certificate, registered: Period, on: date) -> Ranked:
    if registered.end is not None and registered.end <= on:
        sentence = N_("%(grade)s证书登记已于%(day)s到期，请办理再登记。")
        return Ranked(2, message(sentence, grade=one.grade, day=registered.end.isoformat()))
    return Ranked(0, message(N_("%(grade)s证书在登记有效期内。"), grade=one.grade))
