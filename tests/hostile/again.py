"""T7a: every form sent twice as it is. The second time changes nothing more, and says so in words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO

from werkzeug.test import TestResponse

from tests.hostile.crawling import parsed
from tests.hostile.filling import filling_of, small_file
from tests.hostile.forms import FoundForm, options_of
from tests.hostile.judging import faults_of_answer, is_said_to_script, says_something
from tests.hostile.stage import Stage, Visitor, Writes

NOTED_ANYWAY = ("audit_entry", "audit_head", "audit_check", "register_mark", "failed_attempts", "sign_in")
"""What tells that somebody asked, and when he was last there."""
MADE_ANEW = {
    "access.sign_in": "each knock is counted, and each stay is of its own",
    "again.sign_in_again": "each knock is counted, and a code that was used is refused",
    "documents.briefing": "each press gives a document with a check code of its own",
    "one_page.issue_of_organisation": "as a briefing",
    "one_page.issue_of_division": "as a briefing",
    "outlook.issue_of_organisation": "as a briefing",
    "outlook.issue_of_division": "as a briefing",
    "plans.of_division": "as a briefing, and each file with people is an entry of its own",
    "plans.of_organisation": "as a briefing, and each file with people is an entry of its own",
    "packs.issue_pack_of_organisation": "as a briefing",
    "packs.issue_pack_of_division": "as a briefing",
    "packs.with_people": "as a briefing, and each file with people is an entry of its own",
    "calendar.make": "each making gives an address of its own and ends the one before",
    "intake.upload": "each sending is a preview of its own, of which one is loaded",
    "own.renew_codes": "the newest page shows the codes that hold",
}
"""What happens again when it is asked again, and why that is right."""


@dataclass(frozen=True)
class Twice:
    """One form, sent twice; the pages on which a browser ends."""

    form: FoundForm
    first: TestResponse
    second: TestResponse
    written: tuple[str, ...]
    """Tables that the second time changed."""

    def faults(self) -> Iterator[str]:
        """What is wrong with the second time."""
        yield from faults_of_answer(self.second)
        if self.written and self.form.endpoint not in MADE_ANEW:
            yield f"changed {', '.join(self.written)} again"
        is_same_page = self.first.request.path == self.second.request.path
        if not is_same_page and not tells_plainly(self.second):
            yield f"ended on {self.second.request.path} without a word"


def sent_twice(stage: Stage, form: FoundForm) -> Twice:
    """With what it takes; the second time leaves the browser before the first is answered, as a double click does."""
    pairs, visitor = filling_of(stage, form).pairs(), stage.visitors[form.visitor]
    browser = replace(visitor, cookies=dict(visitor.cookies))
    with stage.trial():
        first = _sent(stage, visitor, form, pairs)
        with stage.written() as writes:
            second = _sent(stage, visitor, form, pairs)
        pages = [followed(stage, browser, answer) for answer in (first, second)]
    return Twice(form, *pages, written=tuple(sorted(set(tables_of(writes)) - set(NOTED_ANYWAY))))


def _sent(stage: Stage, visitor: Visitor, form: FoundForm, pairs: list[tuple[str, str]]) -> TestResponse:
    data, name = small_file()
    return stage.ask(visitor, form.method, form.url, **options_of(form, pairs, (BytesIO(data), name)))


def followed(stage: Stage, visitor: Visitor, answer: TestResponse) -> TestResponse:
    """The page that a browser ends on."""
    visitor.keep(answer)
    return stage.get(visitor, answer.headers["Location"]) if answer.status_code == 303 else answer


def tables_of(writes: Writes) -> Iterator[str]:
    """The names of the tables that were written."""
    for statement, _ in writes:
        words = statement.replace('"', "").split()
        yield words[1] if words[0].upper() == "UPDATE" else words[2]


def tells_plainly(answer: TestResponse) -> bool:
    """A file, a sentence for a script, or a page that says what became of it."""
    if "Content-Disposition" in answer.headers or is_said_to_script(answer):
        return True
    return answer.mimetype == "text/html" and (answer.status_code >= 400 or says_something(parsed(answer)))
