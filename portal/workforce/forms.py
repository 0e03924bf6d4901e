"""What is typed of a person, a post, a diploma, a certificate and a course: read with the parsers of bulk intake."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from portal.fields import CHINESE, ReadField, stripped
from portal.formatting import word
from portal.workflow.forms import StepForm
from portal.workforce.sealed_forms import UNKEPT, UNTOUCHED
from registry.intake.identifiers import refuse_identity_number
from registry.intake.identity_numbers import identity_number, phone
from registry.organisations.models import Site
from registry.parsing import CellProblem, code_text, day, hours, text, year
from registry.workforce.arrivals import Named
from registry.workforce.models import (
    Catalogue,
    CertificateKind,
    EducationForm,
    EducationLevel,
    Engagement,
    Major,
    Profession,
)
from registry.workforce.papers import Attended, Certified, Held
from registry.workforce.verifying import Studied

NUMBER = {"inputmode": "numeric"}
OTHER = "other"
"""A major that is typed."""
GIVEN = "R"
"""How a register number begins that nobody typed."""


class WordField(SelectField):
    """One word of a vocabulary."""

    def __init__(self, label: Any, words: type[StrEnum], **options: Any) -> None:
        super().__init__(label, choices=lambda: {one.value: word(one) for one in words}, **options)
        self.words = words

    @property
    def chosen(self) -> Any:
        """The member of the vocabulary."""
        return self.words(self.data)


class PostForm(StepForm):
    """One post. Which place it is at stays once it is entered."""

    site = SelectField(_l("服务场所"), validate_choice=False)
    profession = WordField(_l("岗位"), Profession, default=Profession.SOCIAL_WORKER.value)
    engagement = WordField(_l("用工形式"), Engagement, default=Engagement.FULL_TIME.value)
    serves_programme = BooleanField(
        _l("从事本项服务"),
        default=True,
        description=_l("兼营其他业务的机构，只有安排到社区康复服务的人勾选。"),
    )
    direct_service = BooleanField(
        _l("直接服务"),
        default=True,
        description=_l("直接面对服务对象的勾选，年度康复培训只对他们要求；负责人、行政后勤一般不勾选。"),
    )
    start_on = ReadField(
        _l("任职日期"),
        day,
        missing=_l("请填写任职日期，如2026-11-26。"),
        description=_l("任职的第一天。"),
        render_kw=NUMBER,
    )
    end_on = ReadField(
        _l("离任日期"), day, description=_l("不再任职的第一天；仍在任的留空。"), render_kw=NUMBER
    )

    LAYOUT: tuple[tuple[str, str, bool], ...] = (
        ("site", "full", False),
        ("profession", "medium", False),
        ("engagement", "medium", False),
        ("serves_programme", "medium", False),
        ("direct_service", "medium", False),
        ("start_on", "short", False),
        ("end_on", "short", True),
    )

    def __init__(self, *, sites: Sequence[Site], **values: Any) -> None:
        super().__init__(**values)
        self.sites = {site.code: site for site in sites}
        several = len({site.organisation_id for site in sites}) > 1
        self.site.choices = [
            (site.code, f"{site.organisation.name} {site.name}" if several else site.name) for site in sites
        ]

    def validate_site(self, field: Any) -> None:
        """One of those offered; another one was made up, or closed meanwhile."""
        if field.data not in self.sites:
            raise ValidationError(_("请选择服务场所。"))

    def held(self) -> Held:
        """What was typed, once it is sound."""
        return Held(
            site=self.sites[str(self.site.data)],
            profession=self.profession.chosen,
            engagement=self.engagement.chosen,
            serves_programme=self.serves_programme.data,
            direct_service=self.direct_service.data,
            start_on=self.start_on.data,
            end_on=self.end_on.data,
        )


class PersonForm(PostForm):
    """Somebody new, with the post that brings him."""

    person_no = ReadField(
        _l("人员编号"),
        code_text(40),
        description=_l("已有编号的填编号；没有的留空，由系统编号。不是身份证号。"),
        render_kw=UNTOUCHED,
    )
    name = ReadField(
        _l("姓名"),
        text(100),
        missing=_l("请填写姓名。"),
        description=_l("与证书一致。"),
        render_kw=CHINESE | UNTOUCHED,
    )
    birth_year = ReadField(
        _l("出生年份"), year, missing=_l("请填写出生年份，如1985。"), render_kw=NUMBER | UNTOUCHED
    )
    identity_number = ReadField(
        _l("身份证号"),
        identity_number,
        description=_l("18位，加密保存；已在其他单位登记的，凭此认出是同一人，不重复建档。"),
        render_kw=UNTOUCHED | UNKEPT,
    )
    phone = ReadField(_l("联系电话"), phone, description=_l("加密保存。"), render_kw=UNTOUCHED | UNKEPT)

    LAYOUT = (
        ("name", "medium", False),
        ("birth_year", "short", False),
        ("identity_number", "medium", True),
        ("phone", "medium", True),
        ("person_no", "medium", True),
        *PostForm.LAYOUT,
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        # The person stands before the post, on the page and in what is said of faults.
        first = [key for key, _width, _optional in self.LAYOUT]
        rest = [key for key in self._fields if key not in first]
        self._fields: dict[str, Any] = {key: self._fields[key] for key in (*first, *rest)}

    def validate_person_no(self, field: Any) -> None:
        """No identity number takes its place."""
        _refuse_identity_number(field.data)

    def named(self) -> Named:
        """What was typed; a number of our own comes from the form, so that a double click gives one."""
        given = GIVEN + str(self.key.data)[:10].upper()
        return Named(
            person_no=self.person_no.data or given,
            name=self.name.data,
            birth_year=self.birth_year.data,
            identity_number=self.identity_number.data,
            phone=self.phone.data,
        )


class DiplomaForm(StepForm):
    """One diploma or degree; a listed major is chosen, another one is typed."""

    form = WordField(_l("学历或学位"), EducationForm, default=EducationForm.DIPLOMA.value)
    level = WordField(_l("学历层次"), EducationLevel, default=EducationLevel.BACHELOR.value)
    major = SelectField(
        _l("专业"),
        validate_choice=False,
        description=_l("目录里的专业直接选；不在其中的选“其他专业”，再填下面三项。"),
    )
    catalogue = WordField(_l("专业目录"), Catalogue, default=Catalogue.UNDERGRADUATE.value)
    major_code = ReadField(_l("专业代码"), code_text(20), description=_l("目录里的代码，保留开头的0。"))
    major_name = ReadField(_l("专业名称"), text(), description=_l("证书上的名称。"), render_kw=CHINESE)
    school = ReadField(
        _l("毕业院校"),
        text(),
        missing=_l("请填写毕业院校。"),
        description=_l("证书上的全称。"),
        render_kw=CHINESE,
    )
    obtained_on = ReadField(
        _l("取得日期"), day, missing=_l("请填写取得日期，如2008-07-01。"), render_kw=NUMBER
    )
    diploma_no = ReadField(_l("证书编号"), code_text(60), description=_l("便于区县核对原件。"))

    LAYOUT = (
        ("form", "medium", False),
        ("level", "medium", False),
        ("major", "full", False),
        ("catalogue", "medium", True),
        ("major_code", "short", True),
        ("major_name", "medium", True),
        ("school", "full", False),
        ("obtained_on", "short", False),
        ("diploma_no", "medium", True),
    )

    def __init__(self, *, majors: Sequence[Major], **values: Any) -> None:
        super().__init__(**values)
        self.majors = {f"{one.catalogue.value}:{one.code}": one for one in majors}
        groups: dict[str, dict[str, str]] = {}
        for key, one in self.majors.items():
            groups.setdefault(word(one.catalogue), {})[key] = f"{one.code} {one.name}"
        nothing = {_("尚未选择"): {"": _("请选择")}}
        other = {_("其他"): {OTHER: _("其他专业（填写下面三项）")}}
        self.major.choices = cast("Any", nothing | groups | other)

    @property
    def listed(self) -> Major | None:
        """The chosen major; None where another one is typed."""
        return self.majors.get(self.major.data or "")

    def validate_major(self, field: Any) -> None:
        """Nothing is chosen for anybody: the first of a list is nobody's major."""
        if self.listed is None and field.data != OTHER:
            raise ValidationError(_("请选择专业；不在目录里的选“其他专业”。"))

    def validate_major_code(self, field: Any) -> None:
        """Asked for where no listed major was chosen; what was typed beside one is not dropped in silence."""
        if self.major.data == OTHER and not field.data:
            raise ValidationError(_("请填写专业代码。"))
        self._refuse_beside_listed(field, self.listed.code if self.listed else "")

    def validate_major_name(self, field: Any) -> None:
        """Likewise."""
        if self.major.data == OTHER and not field.data:
            raise ValidationError(_("请填写证书上的专业名称。"))
        self._refuse_beside_listed(field, self.listed.name if self.listed else "")

    def _refuse_beside_listed(self, field: Any, own: str) -> None:
        """A listed major has its own code and name."""
        if self.listed and field.data and field.data != own:
            sentence = _("已选了目录里的专业，这里填的与它不同：请清空这里，或专业改选“其他专业”。")
            raise ValidationError(sentence)

    def studied(self) -> Studied:
        """What was typed, once it is sound."""
        listed = self.listed
        return Studied(
            form=self.form.chosen,
            level=self.level.chosen,
            catalogue=listed.catalogue if listed else self.catalogue.chosen,
            major_code=listed.code if listed else self.major_code.data,
            major_name=listed.name if listed else self.major_name.data,
            school=self.school.data,
            obtained_on=self.obtained_on.data,
            diploma_no=self.diploma_no.data,
        )


class CertificateForm(StepForm):
    """One certificate with its latest registration; a new one beside it is a renewal."""

    kind = WordField(_l("证书种类"), CertificateKind)
    grade = ReadField(
        _l("证书级别"),
        text(),
        description=_l("如助理社会工作师、社会工作师；不分级别的留空。"),
        render_kw=CHINESE,
    )
    number = ReadField(
        _l("证书编号"),
        code_text(60),
        missing=_l("请填写证书编号。"),
        description=_l("编号里含有身份证号的，不填身份证号部分。"),
        render_kw=UNTOUCHED,
    )
    issued_on = ReadField(_l("发证日期"), day, missing=_l("请填写发证日期，如2015-11-20。"), render_kw=NUMBER)
    valid_from = ReadField(
        _l("登记有效期起"),
        day,
        description=_l("没有登记或没有有效期的留空。再登记的填新的起止日期，原来的登记仍然保留。"),
        render_kw=NUMBER,
    )
    valid_to = ReadField(_l("登记有效期止"), day, description=_l("失效的第一天。"), render_kw=NUMBER)

    LAYOUT = (
        ("kind", "full", False),
        ("grade", "medium", True),
        ("number", "medium", False),
        ("issued_on", "short", False),
        ("valid_from", "short", True),
        ("valid_to", "short", True),
    )

    def validate_number(self, field: Any) -> None:
        """Numbers of physicians hold one."""
        _refuse_identity_number(field.data)

    def certified(self) -> Certified:
        """What was typed, once it is sound."""
        return Certified(
            kind=self.kind.chosen,
            grade=self.grade.data or "",
            number=self.number.data,
            issued_on=self.issued_on.data,
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
        )


class CourseForm(StepForm):
    """One course that somebody attended."""

    held_on = ReadField(
        _l("培训结束日期"),
        day,
        missing=_l("请填写培训结束日期，如2026-06-30。"),
        description=_l("学时计入这一天所在的年度。"),
        render_kw=NUMBER,
    )
    hours = ReadField(_l("学时"), hours, missing=_l("请填写学时，如8或7.5。"), render_kw=NUMBER)
    subject = ReadField(_l("培训内容"), text(), missing=_l("请填写培训内容。"), render_kw=CHINESE)
    organiser = ReadField(_l("主办单位"), text(), missing=_l("请填写主办单位。"), render_kw=CHINESE)
    proof_no = ReadField(_l("证明编号"), code_text(60))
    is_rehabilitation = BooleanField(
        _l("康复培训"), default=True, description=_l("计入直接服务人员的年度康复培训学时。")
    )
    is_continuing = BooleanField(
        _l("继续教育"), description=_l("计入社会工作者登记有效期内的继续教育学时；一次培训可以两项都是。")
    )

    LAYOUT = (
        ("held_on", "short", False),
        ("hours", "short", False),
        ("subject", "full", False),
        ("organiser", "full", False),
        ("proof_no", "medium", True),
        ("is_rehabilitation", "medium", False),
        ("is_continuing", "medium", False),
    )

    def validate_proof_no(self, field: Any) -> None:
        """It identifies the paper, not its holder."""
        _refuse_identity_number(field.data)

    def attended(self) -> Attended:
        """What was typed, once it is sound."""
        return Attended(
            held_on=self.held_on.data,
            hours=self.hours.data,
            subject=self.subject.data,
            organiser=self.organiser.data,
            proof_no=self.proof_no.data,
            is_rehabilitation=self.is_rehabilitation.data,
            is_continuing=self.is_continuing.data,
        )


class ReasonForm(StepForm):
    """Why a diploma does not pass, or is looked at once more: its institution reads it."""

    reason = TextAreaField(
        _l("原因"),
        description=_l("写明核对了什么、怎样补正，机构会看到；不要写身份证号。"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请写明原因。")),
            Length(max=500, message=_l("原因不超过500个字。")),
        ],
        render_kw={"rows": 3} | CHINESE,
    )

    def validate_reason(self, field: Any) -> None:
        """It stays in the history."""
        _refuse_identity_number(field.data)


def _refuse_identity_number(typed: str | None) -> None:
    try:
        refuse_identity_number(typed or "")
    except CellProblem:
        raise ValidationError(_("这里不要写身份证号。")) from None
