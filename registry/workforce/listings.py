"""The list of practitioners: one row per person, with the posts held on the day of the list."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from registry.divisions.codes import within
from registry.listing import ON, Batch, Column, Filter, Listing, code_value, facet_filter, text_value
from registry.messages import N_
from registry.organisations.facets import Origin
from registry.organisations.models import Organisation, Site
from registry.workforce.facets import Assignment, Horizon, InPost
from registry.workforce.models import (
    Certificate,
    Education,
    EducationForm,
    EducationLevel,
    Post,
    Practitioner,
    Profession,
    Verification,
)

IS_HELD = sa.and_(Post.start_on <= ON, sa.or_(Post.end_on.is_(None), Post.end_on > ON))
"""The post is held on the day of the list."""


def _holding(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Somebody holds a post of which this is so."""
    posts = sa.select(Post.practitioner_id).join(Site, Site.id == Post.site_id).where(IS_HELD, *conditions)
    return Practitioner.id.in_(posts)


def _post_ends(horizon: Horizon, on: date) -> ColumnElement[bool]:
    return _holding(Post.end_on <= horizon.last_day(on))


def _certificate_ends(horizon: Horizon, on: date) -> ColumnElement[bool]:
    ending = sa.select(Certificate.practitioner_id).where(
        Certificate.valid_to > on, Certificate.valid_to <= horizon.last_day(on)
    )
    return Practitioner.id.in_(ending)


def _next_certificate_end() -> ColumnElement[Any]:
    """The day on which the first of the certificates in force ends."""
    return (
        sa.select(sa.func.min(Certificate.valid_to))
        .where(Certificate.practitioner_id == Practitioner.id, Certificate.valid_to > ON)
        .correlate(Practitioner)
        .scalar_subquery()
    )


def _diploma_is(verification: Verification, _on: date) -> ColumnElement[bool]:
    diplomas = sa.select(Education.practitioner_id).where(
        Education.form == EducationForm.DIPLOMA, Education.verification == verification
    )
    return Practitioner.id.in_(diplomas)


def _at_organisation(code: str) -> ColumnElement[bool]:
    chosen = sa.select(Organisation.id).where(Organisation.code == code).scalar_subquery()
    return _holding(Site.organisation_id == chosen)


def _at_organisation_named(text: str) -> ColumnElement[bool]:
    chosen = sa.select(Organisation.id).where(Organisation.name.icontains(text, autoescape=True))
    return _holding(Site.organisation_id.in_(chosen))


IN_POST = {InPost.YES: _holding(), InPost.NO: sa.not_(_holding())}
ASSIGNMENT = {
    Assignment.YES: _holding(Post.serves_programme.is_(True)),
    Assignment.NO: sa.not_(_holding(Post.serves_programme.is_(True))),
}
ORIGIN = {Origin.REAL: Practitioner.is_example.is_(False), Origin.EXAMPLE: Practitioner.is_example.is_(True)}


def load_posts(session: Session, ids: Sequence[int], on: date) -> dict[int, tuple[Any, ...]]:
    """Names of the institutions, and the professions and footings there, those that serve the programme first."""
    posts = (
        sa.select(Post.practitioner_id, Organisation.name, Post.profession, Post.engagement)
        .join(Site, Site.id == Post.site_id)
        .join(Organisation, Organisation.id == Site.organisation_id)
        .where(Post.practitioner_id.in_(ids), IS_HELD)
        .order_by(Post.practitioner_id, Post.serves_programme.desc(), Post.start_on, Post.id)
    )
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for person, *facts in session.execute(posts, {"on": on}):
        found[person].append(tuple(facts))
    return {key: _columns_of(found[key]) for key in ids}


def load_education(session: Session, ids: Sequence[int], _on: date) -> dict[int, tuple[Any, ...]]:
    """The highest diploma: its level, its major, and whether it was verified."""
    diplomas = sa.select(
        Education.practitioner_id, Education.level, Education.major_name, Education.verification
    ).where(Education.practitioner_id.in_(ids), Education.form == EducationForm.DIPLOMA)
    highest: dict[int, tuple[Any, ...]] = dict.fromkeys(ids, (None, None, None))
    for person, *facts in session.execute(diplomas):
        if highest[person][0] is None or RANKS[facts[0]] < RANKS[highest[person][0]]:
            highest[person] = tuple(facts)
    return highest


RANKS: dict[str, int] = {level: rank for rank, level in enumerate(EducationLevel)}


def _columns_of(posts: Sequence[tuple[Any, ...]]) -> tuple[tuple[Any, ...], ...]:
    """Each column's values once, in the order of the posts."""
    if not posts:
        return (), (), ()
    return tuple(tuple(dict.fromkeys(column)) for column in zip(*posts, strict=True))


PRACTITIONERS = Listing(
    key="workforce",
    model=Practitioner,
    columns=(
        Column("code", N_("编号"), Practitioner.code),
        Column("person_no", N_("人员编号"), Practitioner.person_no, order=(Practitioner.person_no,)),
        Column("name", N_("姓名"), Practitioner.name),
        Column("certificate_until", N_("证书最近到期日"), _next_certificate_end()),
        Column("is_example", N_("示例数据"), Practitioner.is_example),
    ),
    filters=(
        Filter(
            "division",
            N_("区划"),
            parse=code_value,
            clause=lambda code, _on: _holding(within(Site.division_code, code)),
        ),
        Filter(
            "organisation", N_("机构编号"), parse=text_value, clause=lambda code, _on: _at_organisation(code)
        ),
        Filter(
            "profession",
            N_("岗位"),
            parse=Profession,
            clause=lambda profession, _on: _holding(Post.profession == profession),
            choices=tuple(Profession),
        ),
        Filter(
            "certificate-ends",
            N_("证书到期"),
            parse=Horizon,
            clause=_certificate_ends,
            choices=tuple(Horizon),
            order=(_next_certificate_end(),),
        ),
        Filter("post-ends", N_("任职到期"), parse=Horizon, clause=_post_ends, choices=tuple(Horizon)),
        Filter(
            "diploma", N_("学历核验"), parse=Verification, clause=_diploma_is, choices=tuple(Verification)
        ),
        facet_filter("in-post", N_("在岗情况"), IN_POST),
        facet_filter("assigned", N_("人员用途"), ASSIGNMENT),
        facet_filter("origin", N_("数据性质"), ORIGIN),
        Filter("q", N_("机构名称"), parse=text_value, clause=lambda text, _on: _at_organisation_named(text)),
    ),
    batches=(
        Batch(
            (("institutions", N_("任职机构")), ("professions", N_("岗位")), ("engagements", N_("任职方式"))),
            load_posts,
        ),
        Batch(
            (("level", N_("最高学历")), ("major", N_("专业")), ("verification", N_("学历核验"))),
            load_education,
        ),
    ),
    default_sort="person_no",
)
"""从业人员. Nobody is looked for by name: a name has no place in an address."""
