"""Where a practitioner lies for the permission table: in every division and organisation of his posts.

His diplomas and degrees lie where he does.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.scopes import Reach, declare_reach
from registry.divisions.codes import NATION, within
from registry.organisations.models import Site
from registry.workforce.models import Education, Post, Practitioner


def _holds_a_post(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return sa.exists().where(Post.practitioner_id == Practitioner.id, Post.site_id == Site.id, condition)


def _is_of_somebody(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    of_person = Post.practitioner_id == Education.practitioner_id
    return sa.exists().where(of_person, Post.site_id == Site.id, condition)


def newest_post(person: Practitioner) -> Post | None:
    """The one whose place answers for the person; None where he never held one.

    It is the one that lasts longest, of several the newest: an institution that somebody left, or helped out in for
    some months, does not answer for him while another one still employs him.
    """
    return max(person.posts, key=lambda post: (post.end_on or date.max, post.start_on, post.id), default=None)


def place_of_person(person: Practitioner) -> str:
    """The division of the post that answers for the person; the nation where there is none."""
    newest = newest_post(person)
    return newest.site.division_code if newest else NATION


declare_reach(
    Practitioner,
    Reach(
        divisions_of=lambda person: {post.site.division_code for post in person.posts},
        in_division=lambda code: _holds_a_post(within(Site.division_code, code)),
        organisations_of=lambda person: {post.site.organisation_id for post in person.posts},
        in_organisation=lambda organisation_id: _holds_a_post(Site.organisation_id == organisation_id),
    ),
)
declare_reach(
    Education,
    Reach(
        divisions_of=lambda one: {post.site.division_code for post in one.practitioner.posts},
        in_division=lambda code: _is_of_somebody(within(Site.division_code, code)),
        organisations_of=lambda one: {post.site.organisation_id for post in one.practitioner.posts},
        in_organisation=lambda organisation_id: _is_of_somebody(Site.organisation_id == organisation_id),
    ),
)
