"""A reading as the API and the command print it: the contract that programs rely on."""

from typing import Any

from registry.messages import Gettext
from reports.figures.definitions import FigureDefinition
from reports.figures.ledger import LedgerRow
from reports.figures.readings import Part, Reading
from reports.figures.shares import Share


def definition_as_json(figure: FigureDefinition, gettext: Gettext) -> dict[str, Any]:
    """What the figure counts, among whom, by which rules (the first is the default), on what authority."""
    return {
        "code": figure.code,
        "title": gettext(figure.title),
        "unit": gettext(figure.unit),
        "numerator": gettext(figure.numerator),
        "numerator_note": gettext(figure.numerator_note),
        "denominator": gettext(figure.denominator),
        "clause": gettext(figure.clause),
        "rules": [
            {
                "code": rule.code.value,
                "title": gettext(rule.title),
                "explanation": gettext(rule.explanation),
            }
            for rule in figure.rules
        ],
    }


def reading_as_json(reading: Reading, *, rest_name: str) -> dict[str, Any]:
    """Counts are integers, days ISO 8601; `rest_name` names what lies in none of the parts."""
    said = {
        "code": reading.figure.code,
        "division": reading.code,
        "on": reading.on.isoformat(),
        "counting_rule": reading.rule.code.value,
        "numerator": reading.share.numerator,
        "denominator": reading.share.denominator,
        "target": target_as_json(reading.share),
        "verdict": reading.share.verdict.value,
        "parts": [_part(part, rest_name) for part in reading.parts],
    }
    if reading.professions:
        said["professions"] = [{"code": one.value, "persons": count} for one, count in reading.professions]
    return said


def target_as_json(share: Share) -> dict[str, Any] | None:
    """The fraction, the day by which it was to be reached, and whether it is carried on after that day."""
    if share.target is None:
        return None
    return {
        "numerator": share.target.numerator,
        "denominator": share.target.denominator,
        "assessed_on": share.target.assessed_on.isoformat(),
        "carried_on": share.target.is_carried_on,
    }


def row_as_json(row: LedgerRow, *, name: str | None, reason: str) -> dict[str, Any]:
    """One person at one institution; `name` as the reader may see it."""
    return {
        "person_no": row.person.person_no,
        "name": name,
        "organisation": row.employer.code,
        "organisation_name": row.employer.name,
        "standing": row.standing.value,
        "reason": reason,
        "until": row.until.isoformat() if row.until else None,
        "is_example": row.person.is_example,
    }


def _part(part: Part, rest_name: str) -> dict[str, Any]:
    return {
        "code": part.code,
        "name": rest_name if part.is_rest else part.name,
        "numerator": part.share.numerator,
        "denominator": part.share.denominator,
        "verdict": part.share.verdict.value,
    }
