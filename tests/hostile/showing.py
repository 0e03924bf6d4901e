"""T4: shows whatever the portal shows, after markup was written into every column of words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.hostile.filling import filling_of
from tests.hostile.forms import FoundForm, Kind
from tests.hostile.marks import faults_of_document, marks_in, write_marks
from tests.hostile.sending import Submission, answered
from tests.hostile.stage import Stage, Visitor


@dataclass
class Marked:
    """What was written and what became of it."""

    columns: int = 0
    answers: int = 0
    shown: set[str] = field(default_factory=set)
    """Columns whose words stood in an answer."""
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.columns} columns of words, {len(self.shown)} of them shown in {self.answers} answers,"
            f" {len(self.faults)} faults"
        )


def marked_answers(stage: Stage, pages: Iterable[tuple[Visitor, str]], forms: Iterable[FoundForm]) -> Marked:
    """The pages, and every file that a form gives, with their faults; the register is as before afterwards."""
    marked, pages = Marked(), list(pages)
    giving = [form for form in forms if filling_of(stage, form).gives_file]
    with stage.trial():
        let_the_trail_be_changed(stage.session)
        columns = write_marks(stage.session)
        stage.session.commit()
        for what, answer in (*_pages(stage, pages), *_files(stage, giving)):
            marked.answers += 1
            marked.faults += [f"{what}: {fault}" for fault in faults_of_document(answer)]
            marked.shown |= {columns[number] for number in marks_in(answer) & columns.keys()}
    marked.columns = len(columns)
    return marked


def let_the_trail_be_changed(session: Session) -> None:
    """Whoever can do this could also write markup into it; what shows the trail must not rely on the guard."""
    asked = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'"
    for name in session.scalars(sa.text(asked)).all():
        session.execute(sa.text(f"DROP TRIGGER {name}"))


def _pages(stage: Stage, pages: Iterable[tuple[Visitor, str]]) -> Iterator[tuple[str, TestResponse]]:
    """Whatever was read when it held other words, for the same visitors."""
    for visitor, url in pages:
        yield f"{visitor.name} {url}", stage.ask(visitor, "GET", url)


def _files(stage: Stage, giving: Iterable[FoundForm]) -> Iterator[tuple[str, TestResponse]]:
    """Every kind of file that a form gives."""
    for form in giving:
        filling, formats = filling_of(stage, form), form.named.get("format")
        for choice in formats.choices if formats is not None and formats.kind is Kind.CHOICE else ():
            yield f"{form} {choice}", answered(stage, form, Submission(filling.pairs(format=choice)))
