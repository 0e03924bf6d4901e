"""Whom the public calls where a place has no phone: the office of the place where one is set, else the hotline."""

from datetime import date

from sqlalchemy.orm import Session

from registry.policy.queries import parameter_if_set

HOTLINE = "public.hotline"
"""Policy parameter; a district or a street with an office of its own has a row of its own."""


def office_line(session: Session, division_code: str, on: date) -> str:
    """A phone number; empty where nobody set one."""
    return str(parameter_if_set(session, HOTLINE, division_code, on) or "")
