"""Where a practitioner lies for the permission table: in every division and organisation of his posts."""

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.scopes import Reach, declare_reach
from registry.divisions.codes import within
from registry.organisations.models import Site
from registry.workforce.models import Post, Practitioner


def _holds_a_post(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return sa.exists().where(Post.practitioner_id == Practitioner.id, Post.site_id == Site.id, condition)


declare_reach(
    Practitioner,
    Reach(
        divisions_of=lambda person: {post.site.division_code for post in person.posts},
        in_division=lambda code: _holds_a_post(within(Site.division_code, code)),
        organisations_of=lambda person: {post.site.organisation_id for post in person.posts},
        in_organisation=lambda organisation_id: _holds_a_post(Site.organisation_id == organisation_id),
    ),
)
