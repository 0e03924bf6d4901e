"""Lists of people: looking at one leaves an entry, and taken along it is a file that somebody answers for."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from portal.exporting import file_headers, question_lines, shown_rows
from portal.exporting_people import PeopleFile
from portal.extensions import db
from portal.security import current_actor
from portal.sights import record_list_sight
from registry.access.exports import most_rows
from registry.clock import utc_now
from registry.listing import Question

EVERYBODY = 10_000_000
"""More than are counted: nobody stands beyond it."""


def record_question_sight(question: Question, rows: int) -> None:
    """The entry of a reader who was shown so many rows of a list."""
    record_list_sight(
        subject_type="listing",
        subject_code=question.listing.key,
        division_code=_place_of(question),
        question={**question.typed, "on": question.on.isoformat()},
        rows=rows,
    )


def list_file(
    question: Question, *, title: str, endpoint: str, shown: Mapping[str, Callable[[Any], Any]]
) -> PeopleFile:
    """The list as a file; `shown` gives the columns that a reader does not see as they are stored."""
    session = db.session()
    return PeopleFile(
        title=title,
        name=f"{title}-{question.on.isoformat()}",
        headers=file_headers(question),
        count=question.count_up_to(session, most_rows(session, current_actor(), utc_now())),
        count_all=lambda: question.count_up_to(session, EVERYBODY),
        read=lambda: [list(row) for row in shown_rows(question, shown)],
        about=question_lines(question),
        subject_type="listing",
        subject_code=question.listing.key,
        division_code=_place_of(question),
        facts={"filters": dict(question.typed), "on": question.on.isoformat()},
        back=f"{url_for(endpoint)}?{urlencode(question.typed)}",
    )


def _place_of(question: Question) -> str:
    """The division that was asked for, or the reader's own."""
    return question.typed.get("division", current_actor().division_code)
