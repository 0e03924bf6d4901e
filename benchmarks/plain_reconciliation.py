"""The same comparison, written straight down for one kind of file: read it, select the columns, merge by number."""

import csv
from io import StringIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.exports import ENGAGEMENTS, PROFESSIONS
from registry.organisations.models import Organisation, Site
from registry.workforce.models import Post, Practitioner

OURS = (
    sa.select(
        Practitioner.person_no, Practitioner.name, Practitioner.birth_year, Organisation.name,
        Post.profession, Post.engagement, Post.start_on,
    )
    .join_from(Practitioner, Post)
    .join(Site, Site.id == Post.site_id)
    .join(Organisation, Organisation.id == Site.organisation_id)
)  # fmt: skip
FIELDS = ("name", "birth_year", "institution", "profession", "engagement", "start_on")
WORDS = dict(PROFESSIONS) | dict(ENGAGEMENTS)

Difference = tuple[int, str]
"""Row of their file and field."""


def differences(session: Session, data: bytes) -> list[Difference]:
    """Where cell and column say otherwise; whoever is not here, and whoever is not there, by the field ""."""
    ours = {
        number: (name, str(year), place, WORDS[profession], WORDS[engagement], start.isoformat())
        for number, name, year, place, profession, engagement, start in session.execute(OURS)
    }
    found: list[Difference] = []
    rows = csv.reader(StringIO(data.decode()))
    next(rows)
    for row, (number, *cells) in enumerate(rows, start=2):
        mine = ours.pop(number, None)
        if mine is None:
            found.append((row, ""))
            continue
        told = zip(FIELDS, cells, mine, strict=True)
        found += [(row, field) for field, theirs, own in told if theirs.strip() != own]
    return found + [(0, "") for _number in ours]
