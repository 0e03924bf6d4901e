"""人员合并: two register numbers that turn out to be one person become one, on the word of two officers.

Loading proposes (an identity number arrived that another register number holds), an officer of the district in charge
says whether it is the same person, and a second one confirms. What both held moves to the older record; the number of
the other one stays as a former number, by which the person is still found.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.scopes import Reach, declare_reach
from registry.actions import Action
from registry.attachments.operations import hand_over
from registry.audit.trail import Trail
from registry.divisions.codes import within
from registry.messages import N_, Message, message
from registry.organisations.models import Site
from registry.policy.queries import working_calendar
from registry.sealing.fields import sealed_values
from registry.sealing.providers import SealProvider
from registry.workflow.operations import start
from registry.workflow.todos import close_todos
from registry.workflow_table import Facts, Occasion, Subject, Transition, Waiting, Workflow, declare_workflow
from registry.workforce.models import (
    Certificate,
    Education,
    FormerNumber,
    MergeState,
    PersonMerge,
    Post,
    Practitioner,
    Training,
)
from registry.workforce.sealed_fields import IDENTITY_NUMBER, PHONE
from registry.workforce.withdrawn import WithdrawnRow

PROPOSED, ASSERTED, MERGED, DISMISSED = (
    MergeState.PROPOSED,
    MergeState.ASSERTED,
    MergeState.MERGED,
    MergeState.DISMISSED,
)
POST_KEY = ("site_id", "profession", "start_on")
POST_FACTS = ("engagement", "serves_programme", "direct_service", "end_on")
EDUCATION_FACTS = (
    *("form", "level", "catalogue", "major_code", "major_name", "school"),
    *("obtained_on", "verification", "verified_on"),
)
COURSE_KEY = ("held_on", "subject")


class MergeStep(StrEnum):
    """The verbs of a merge."""

    PROPOSE = "propose"
    ASSERT = "assert"
    DISMISS = "dismiss"
    RETURN = "return"
    CONFIRM = "confirm"


def propose_merges(
    session: Session, pairs: Iterable[tuple[str, str]], *, actor: Actor, at: datetime, trail: Trail
) -> list[PersonMerge]:
    """For pairs of register numbers; one that was proposed or dismissed before is not asked about again."""
    calendar = working_calendar(session)
    made = []
    for first, second in sorted(set(pairs)):
        people = session.scalars(
            sa.select(Practitioner)
            .where(Practitioner.person_no.in_((first, second)))
            .order_by(Practitioner.id)
        ).all()
        if len(people) != 2 or _was_proposed(session, people[0], people[1]):
            continue
        merge = _proposal(*people)
        start(session, merge, actor=actor, at=at, trail=trail, calendar=calendar)
        made.append(merge)
    return made


def former_number_of(session: Session, *, code: str = "", person_no: str = "") -> FormerNumber | None:
    """What a public code or a register number led to before a merge."""
    is_it = FormerNumber.code == code if code else FormerNumber.person_no == person_no
    return session.scalar(sa.select(FormerNumber).where(is_it))


def former_numbers_of(session: Session, person: Practitioner) -> list[str]:
    """The register numbers that a person had besides his own."""
    of_person = FormerNumber.practitioner_id == person.id
    return list(session.scalars(sa.select(FormerNumber.person_no).where(of_person).order_by(FormerNumber.id)))


def posts_agree(merge: PersonMerge) -> Message | None:
    """Requirement of both words: one post that both records tell differently is put right first."""
    if merge.other is None:
        return None
    kept = {_facts(post, POST_KEY): _facts(post, POST_FACTS) for post in merge.kept.posts}
    for post in merge.other.posts:
        if kept.get(_facts(post, POST_KEY), _facts(post, POST_FACTS)) != _facts(post, POST_FACTS):
            return message(
                N_("两个编号在“%(site)s”登记了同一段任职，内容却不同。请先更正，再办理合并。"),
                site=post.site.name,
            )
    return None


def merge_people(session: Session, merge: PersonMerge, occasion: Occasion) -> Facts:
    """Effect of the confirmation. `occasion.facts` is the provider of seals: a value opens in its own record only."""
    kept, other = merge.kept, merge.other
    assert other is not None  # noqa: S101  # a merge in this state has both; for the type checker
    dropped = _move(session, kept, other, occasion.at)
    carried = _carry_sealed(session, occasion.facts, kept, other)
    former = FormerNumber(
        code=other.code,
        person_no=other.person_no,
        name=other.name,
        merged_at=occasion.at,
        practitioner_id=kept.id,
    )
    session.execute(
        sa.update(FormerNumber)
        .where(FormerNumber.practitioner_id == other.id)
        .values(practitioner_id=kept.id)
    )
    _leave_other_proposals(session, merge, other)
    kept.updated_at = occasion.at
    merge.other = None
    session.flush()
    session.delete(other)
    session.flush()
    session.add(former)
    return {
        "kept": kept.code,
        "former": former.code,
        "former_number": former.person_no,
        **dropped,
        "carried": carried,
    }


def _proposal(kept: Practitioner, other: Practitioner) -> PersonMerge:
    return PersonMerge(
        state=PROPOSED,
        kept=kept,
        kept_id=kept.id,
        other=other,
        other_id=other.id,
        other_no=other.person_no,
    )


def _was_proposed(session: Session, one: Practitioner, other: Practitioner) -> bool:
    both = {one.id, other.id}
    pair = sa.and_(PersonMerge.kept_id.in_(both), PersonMerge.other_id.in_(both))
    return session.scalar(sa.select(PersonMerge.id).where(pair).limit(1)) is not None


def _move(session: Session, kept: Practitioner, other: Practitioner, at: datetime) -> dict[str, Any]:
    """Posts, education, certificates and courses; what both tell in the same words stays once.

    Of one course told twice the hours of the record that stays hold: both cannot have been attended.
    """
    posts = {_facts(post, POST_KEY) for post in kept.posts}
    education = {_facts(one, EDUCATION_FACTS): one for one in kept.education}
    twice = [post for post in other.posts if _facts(post, POST_KEY) in posts]
    twice_learnt = [one for one in other.education if _facts(one, EDUCATION_FACTS) in education]
    courses = {_facts(one, COURSE_KEY) for one in kept.training}
    twice_attended = [one for one in other.training if _facts(one, COURSE_KEY) in courses]
    moved = {
        "posts": len(other.posts) - len(twice),
        "education": len(other.education) - len(twice_learnt),
        "certificates": len(other.certificates),
        "training": len(other.training) - len(twice_attended),
        "told_twice": len(twice) + len(twice_learnt) + len(twice_attended),
    }
    for one in twice_learnt:
        hand_over(session, one, education[_facts(one, EDUCATION_FACTS)])
        subject = Subject(Education.__tablename__, one.id, one.code, one.major_name)
        close_todos(session, subject, at=at)
    for row in (*twice, *twice_learnt, *twice_attended):
        session.delete(row)
    session.flush()
    for model in (Post, Education, Certificate, Training, WithdrawnRow):
        of_other = sa.update(model).where(model.practitioner_id == other.id)
        session.execute(of_other.values(practitioner_id=kept.id))
    for person in (kept, other):
        session.expire(person, ["posts", "education", "certificates", "training"])
    return moved


def _carry_sealed(
    session: Session, seals: SealProvider, kept: Practitioner, other: Practitioner
) -> list[str]:
    """Identity number and phone that only the other record has, sealed anew for the one that stays."""
    fields = (IDENTITY_NUMBER, PHONE)
    rows = sealed_values(session, fields, (kept.id, other.id))
    values: dict[str, Any] = {}
    carried = []
    for field in fields:
        found = rows[other.id][field.name]
        if found is not None and rows[kept.id][field.name] is None:
            values |= field.values(seals, field.opened(seals, found, other.code), kept.code)
            carried.append(field.name)
    if values:
        table = cast("sa.Table", Practitioner.__table__)
        session.execute(sa.update(table).where(table.c.id == kept.id).values(values))
    return carried


def _leave_other_proposals(session: Session, merge: PersonMerge, other: Practitioner) -> None:
    """Further proposals about the record that goes are about the one that stays, or about nothing any more."""
    about = sa.or_(PersonMerge.kept_id == other.id, PersonMerge.other_id == other.id)
    for further in session.scalars(sa.select(PersonMerge).where(about, PersonMerge.id != merge.id)):
        further.kept = merge.kept
        further.other = None if further.other in (other, merge.kept) else further.other
        if further.state in (PROPOSED, ASSERTED) and further.other is None:
            further.state = DISMISSED


def _facts(row: Any, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


def _posts_of(merge: PersonMerge) -> Iterator[Post]:
    yield from merge.kept.posts
    if merge.other is not None:
        yield from merge.other.posts


def _place_of(merge: PersonMerge) -> str:
    """The district in charge is that of the newest post of the record that stays."""
    posts = merge.kept.posts or list(_posts_of(merge))
    newest = max(posts, key=lambda post: post.start_on, default=None)
    return newest.site.division_code if newest else ""


def _holds_a_post(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    is_of_either = sa.or_(
        Post.practitioner_id == PersonMerge.kept_id, Post.practitioner_id == PersonMerge.other_id
    )
    return sa.exists().where(is_of_either, Post.site_id == Site.id, condition)


declare_reach(
    PersonMerge,
    Reach(
        divisions_of=lambda merge: {post.site.division_code for post in _posts_of(merge)},
        in_division=lambda code: _holds_a_post(within(Site.division_code, code)),
        organisations_of=lambda merge: {post.site.organisation_id for post in _posts_of(merge)},
        in_organisation=lambda organisation_id: _holds_a_post(Site.organisation_id == organisation_id),
    ),
)

PERSON_MERGES = declare_workflow(
    Workflow(
        subject_type="person_merge",
        model=PersonMerge,
        states=MergeState,
        see=Action.PERSON_MERGE_SEE,
        name_of=lambda merge: f"{merge.kept.person_no} / {merge.other_no}",
        place_of=_place_of,
        parent_of=lambda merge: merge.kept,
        start=Transition(
            MergeStep.PROPOSE,
            frozenset(),
            PROPOSED,
            Action.PERSON_MERGE_PROPOSE,
            waiting=Waiting(Action.PERSON_MERGE_DECIDE, N_("核对两个编号是否同一人")),
        ),
        transitions=(
            Transition(
                MergeStep.ASSERT,
                frozenset({PROPOSED}),
                ASSERTED,
                Action.PERSON_MERGE_DECIDE,
                requires=(posts_agree,),
                waiting=Waiting(Action.PERSON_MERGE_DECIDE, N_("由另一人确认人员合并")),
            ),
            Transition(
                MergeStep.DISMISS,
                frozenset({PROPOSED}),
                DISMISSED,
                Action.PERSON_MERGE_DECIDE,
                asks_reason=True,
            ),
            Transition(
                MergeStep.RETURN,
                frozenset({ASSERTED}),
                PROPOSED,
                Action.PERSON_MERGE_DECIDE,
                asks_reason=True,
                waiting=Waiting(Action.PERSON_MERGE_DECIDE, N_("核对两个编号是否同一人")),
            ),
            Transition(
                MergeStep.CONFIRM,
                frozenset({ASSERTED}),
                MERGED,
                Action.PERSON_MERGE_DECIDE,
                other_than=MergeStep.ASSERT,
                requires=(posts_agree,),
                effect=merge_people,
            ),
        ),
    )
)
