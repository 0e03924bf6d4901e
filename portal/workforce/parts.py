"""The kinds of rows on a person's record: the form of each, what it says, where it is kept, how it is called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from portal.workforce.forms import OTHER, CertificateForm, CourseForm, DiplomaForm, PostForm
from registry.access.actors import Actor
from registry.clock import today
from registry.policy.queries import working_calendar
from registry.workforce.choices import listed_majors, sites_to_staff
from registry.workforce.models import (
    Certificate,
    Education,
    Post,
    Practitioner,
    Training,
)
from registry.workforce.papers import Facts, enter, put_right
from registry.workforce.verifying import report_again, report_education
from registry.workforce.withdrawn import RowKind
from registry.workforce.writing import Hand

Form = Any
"""One of `forms.py`."""
Row = Any
"""A post, a diploma, a certificate or a course."""


@dataclass(frozen=True)
class Part:
    """One kind of row."""

    model: type
    row_kind: RowKind
    title: LazyString
    """Of the page on which a new one is entered."""
    change_title: LazyString
    form: Callable[[Session, Actor, Practitioner, Row], Form]
    """The row is None for a new one."""
    enter: Callable[[Session, Practitioner, Form, Hand], None]
    put_right: Callable[[Session, Practitioner, Row, Form, Hand], None]


def _post_form(session: Session, actor: Actor, person: Practitioner, post: Post | None) -> PostForm:
    """The place of a post stays, also where it closed since."""
    if post is None:
        return PostForm(sites=sites_to_staff(session, actor, today()), data={"version": person.version})
    names = ("profession", "engagement", "serves_programme", "direct_service", "start_on", "end_on")
    return PostForm(
        sites=[post.site], data=_typed(post, names) | {"site": post.site.code, "version": person.version}
    )


def _diploma_form(
    session: Session, _actor: Actor, person: Practitioner, education: Education | None
) -> DiplomaForm:
    majors = listed_majors(session, today())
    if education is None:
        return DiplomaForm(majors=majors, data={"version": person.version})
    names = ("form", "level", "school", "obtained_on", "diploma_no")
    chosen = f"{education.catalogue.value}:{education.major_code}"
    is_listed = any(f"{one.catalogue.value}:{one.code}" == chosen for one in majors)
    typed = () if is_listed else ("catalogue", "major_code", "major_name")
    data = _typed(education, (*names, *typed)) | {"version": education.version}
    return DiplomaForm(majors=majors, data=data | {"major": chosen if is_listed else OTHER})


def _certificate_form(
    _session: Session, _actor: Actor, person: Practitioner, certificate: Certificate | None
) -> CertificateForm:
    names = ("kind", "grade", "number", "issued_on", "valid_from", "valid_to")
    return CertificateForm(data=_typed(certificate, names) | {"version": person.version})


def _course_form(
    _session: Session, _actor: Actor, person: Practitioner, course: Training | None
) -> CourseForm:
    names = (
        *("held_on", "hours", "subject", "organiser", "proof_no"),
        *("is_rehabilitation", "is_continuing"),
    )
    return CourseForm(data=_typed(course, names) | {"version": person.version})


def _typed(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    """What a form begins with; nothing for a new row."""
    values = {name: getattr(row, name) for name in names} if row is not None else {}
    return {name: value.value if isinstance(value, Enum) else value for name, value in values.items()}


def _entering(facts: Callable[[Form], Facts]) -> Callable[[Session, Practitioner, Form, Hand], None]:
    def add(session: Session, person: Practitioner, form: Form, hand: Hand) -> None:
        enter(session, person, facts(form), hand)

    return add


def _mending(facts: Callable[[Form], Facts]) -> Callable[[Session, Practitioner, Row, Form, Hand], None]:
    def mend(session: Session, person: Practitioner, row: Row, form: Form, hand: Hand) -> None:
        put_right(session, person, row, facts(form), version=form.version.data, hand=hand)

    return mend


def _report(session: Session, person: Practitioner, form: Form, hand: Hand) -> None:
    report_education(
        session,
        person,
        form.studied(),
        hand=hand,
        calendar=working_calendar(session),
        key=form.key.data,
    )


def _report_again(
    session: Session, _person: Practitioner, education: Education, form: Form, hand: Hand
) -> None:
    report_again(
        session,
        education,
        form.studied(),
        hand=hand,
        calendar=working_calendar(session),
        version=form.version.data,
        key=form.key.data,
    )


PARTS: Mapping[str, Part] = {
    "posts": Part(
        Post,
        RowKind.POST,
        _l("登记任职"),
        _l("更改任职"),
        _post_form,
        _entering(lambda form: form.held()),
        _mending(lambda form: form.held()),
    ),
    "education": Part(
        Education,
        RowKind.EDUCATION,
        _l("登记学历"),
        _l("更正学历并提交核验"),
        _diploma_form,
        _report,
        _report_again,
    ),
    "certificates": Part(
        Certificate,
        RowKind.CERTIFICATE,
        _l("登记证书"),
        _l("更改证书"),
        _certificate_form,
        _entering(lambda form: form.certified()),
        _mending(lambda form: form.certified()),
    ),
    "training": Part(
        Training,
        RowKind.TRAINING,
        _l("登记培训"),
        _l("更改培训"),
        _course_form,
        _entering(lambda form: form.attended()),
        _mending(lambda form: form.attended()),
    ),
}
"""By the word in the address, which is the heading on the person's page too."""
