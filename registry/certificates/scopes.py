"""Where a certificate lies for the permission table: where its holder has his posts."""

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.scopes import Reach, declare_reach
from registry.divisions.codes import within
from registry.organisations.models import Site
from registry.workforce.models import Certificate, Post


def _holder_has_a_post(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Said by itself, so that a list that joins posts of its own may ask it too."""
    posts = sa.select(Post.practitioner_id).join(Site, Site.id == Post.site_id).where(condition)
    return Certificate.practitioner_id.in_(posts.correlate(None))


declare_reach(
    Certificate,
    Reach(
        divisions_of=lambda one: {post.site.division_code for post in one.practitioner.posts},
        in_division=lambda code: _holder_has_a_post(within(Site.division_code, code)),
        organisations_of=lambda one: {post.site.organisation_id for post in one.practitioner.posts},
        in_organisation=lambda organisation_id: _holder_has_a_post(Site.organisation_id == organisation_id),
    ),
)
