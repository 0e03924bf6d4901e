"""Loads everything that ships with the product and that a register cannot do without."""

from datetime import datetime

from sqlalchemy.orm import Session

from registry.divisions.loading import load_divisions
from registry.policy.loading import load_policy
from registry.workforce.loading import load_majors


def load_reference(session: Session, *, at: datetime, by: str) -> int:
    """Divisions, policy and majors that are not there yet; how many rows were new. Nothing present is changed."""
    return load_divisions(session, at=at, by=by) + load_policy(session) + load_majors(session)
