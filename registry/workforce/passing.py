"""Posts go on when another organisation takes a site on: the same person and work, at the new site."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.messages import N_, message
from registry.organisations.passing import Counted, Kept, Passage, Passing, Prospect, declare_passing
from registry.workforce.models import Post


def _going_on(site_id: int, on: date) -> sa.Select[Post]:
    return sa.select(Post).where(Post.site_id == site_id, sa.or_(Post.end_on.is_(None), Post.end_on > on))


def _count(session: Session, site_id: int, prospect: Prospect) -> int:
    going_on = _going_on(site_id, prospect.on).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(going_on)) or 0


def _pass_on(session: Session, old: int, new: int, passage: Passage) -> Kept:
    """A post that began before the day ends with it and goes on at the new site; a later one was always there."""
    on, kept = passage.on, Kept()
    for post in session.scalars(_going_on(old, on)).all():
        if post.start_on >= on:
            post.site_id = new
            kept.append({"old": None, "new": post.id, "site": old, "end": _text(post.end_on)})
            continue
        further = _further(post, new, on)
        session.add(further)
        post.end_on = on
        session.flush()  # flush: what is kept names the key
        kept.append({"old": post.id, "new": further.id, "site": old, "end": _text(further.end_on)})
    return kept


def _further(post: Post, site_id: int, on: date) -> Post:
    return Post(
        profession=post.profession,
        engagement=post.engagement,
        serves_programme=post.serves_programme,
        direct_service=post.direct_service,
        start_on=on,
        end_on=post.end_on,
        practitioner_id=post.practitioner_id,
        site_id=site_id,
    )


def _stands(session: Session, site_id: int, kept: Kept) -> bool:
    now = {
        post.id: _text(post.end_on)
        for post in session.scalars(sa.select(Post).where(Post.site_id == site_id))
    }
    return now == {item["new"]: item["end"] for item in kept}


def _give_back(session: Session, kept: Kept, _passage: Passage) -> None:
    for item in kept:
        post = session.get_one(Post, item["new"])
        if item["old"] is None:
            post.site_id = item["site"]
        else:
            session.get_one(Post, item["old"]).end_on = post.end_on
            session.delete(post)
    session.flush()


def _text(day: date | None) -> Any:
    return None if day is None else day.isoformat()


declare_passing(
    Passing("posts", (Counted(message(N_("在岗人员的任职")), _count),), _pass_on, _stands, _give_back)
)
