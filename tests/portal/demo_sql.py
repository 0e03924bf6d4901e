"""The qualified share in plain SQL: written from the rule, without the figures of the product."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

STAFF = """
    SELECT DISTINCT post.practitioner_id AS person
    FROM post
    JOIN site ON site.id = post.site_id
    JOIN organisation ON organisation.id = site.organisation_id
    JOIN standing ON standing.organisation_id = organisation.id AND standing.kind = 'provider'
        AND standing.granted_on <= :day AND (standing.ended_on IS NULL OR standing.ended_on > :day)
    JOIN site_placement AS place ON place.site_id = site.id
        AND place.valid_from <= :day AND (place.valid_to IS NULL OR place.valid_to > :day)
    WHERE post.start_on <= :day AND (post.end_on IS NULL OR post.end_on > :day)
        AND post.engagement IN ('full_time', 'part_time', 'dispatched')
        AND (post.serves_programme = :yes OR :all_staff = :yes)
        AND place.today_code LIKE :division AND organisation.name LIKE :name
"""

QUALIFIED = """
    EXISTS (
        SELECT 1 FROM education
        JOIN major ON major.catalogue = education.catalogue AND major.code = education.major_code
        WHERE education.practitioner_id = staff.person AND major.counts = :yes
            AND education.form = 'diploma' AND education.verification = 'verified'
            AND education.obtained_on <= :day AND education.verified_on <= :day
    )
"""

COUNT = sa.text(
    f"SELECT COUNT(CASE WHEN {QUALIFIED} THEN 1 END), COUNT(*) FROM ({STAFF}) AS staff"
).bindparams(
    sa.bindparam("day", type_=sa.Date), sa.bindparam("yes", True), sa.bindparam("all_staff", type_=sa.Boolean)
)


def count(
    session: Session, day: date, *, division: str = "", name: str = "", all_staff: bool = False
) -> tuple[int, int]:
    """Qualified and staff, each person once, of a division or of the institution of a name."""
    facts = {"day": day, "division": f"{division}%", "name": name or "%", "all_staff": all_staff}
    numerator, denominator = session.execute(COUNT, facts).one()
    return numerator, denominator
