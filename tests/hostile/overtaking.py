"""T7b: what is sent after somebody else changed the record is refused and shown beside it; nothing is lost."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import sqlalchemy as sa

from portal.security import policy_of
from registry.workforce.models import Education
from tests.hostile.again import NOTED_ANYWAY, tables_of
from tests.hostile.crawling import match
from tests.hostile.filling import filling_of
from tests.hostile.forms import VERSION, FoundForm
from tests.hostile.judging import faults_of_answer
from tests.hostile.sending import Submission, answered
from tests.hostile.stage import Stage

MINE = "示例甲写的，不少于十个字"
THEIRS = "示例乙写的，不少于十个字"


MERGED = tuple(
    f"{area}.{end}"
    for area in ("provider_entries", "service_reports", "station_filings")
    for end in ("topic", "save")
)
"""Drafts: of two who type on different answers both are kept, of two on one answer the second is shown both
(tests/registry/drafts/test_saving.py, tests/portal/drafts)."""


SHOWN_FIRST = ("successions.record",)
"""Shows what would happen before anything does; what changed since is shown again (tests/portal/dossiers)."""


MADE_ANEW = ("certificates.remind",)
"""Makes something new at an address without the word: there is nothing that others could have changed."""


PAPER = re.compile(r"^/workforce/\w+/education/(\w+)$")
"""A diploma has a version of its own, beside that of the person whom the address names too."""


def holds_version(form: FoundForm) -> bool:
    """Whether it is filled in against a version of a record that is there."""
    return (
        VERSION in form.named
        and form.endpoint not in (*MERGED, *SHOWN_FIRST, *MADE_ANEW)
        and "new" not in urlsplit(form.url).path.split("/")
    )


def faults_when_overtaken(stage: Stage, form: FoundForm) -> Iterator[str]:
    """Somebody else changed the record after this person opened the form."""
    record = record_of(stage, form)
    if sa.inspect(type(record)).version_id_col is None:
        return  # its state alone decides, as with a position that is over already
    filling = filling_of(stage, form)
    mine = dict.fromkeys(filling.free, MINE)
    with stage.trial():
        stage.session.execute(changed_by_others(record))
        stage.session.commit()
        with stage.written() as writes:
            answer = answered(stage, form, Submission(filling.pairs(**mine)))
    yield from faults_of_answer(answer)
    if answer.status_code != 409:
        yield f"answered {answer.status_code}"
    lost = set(tables_of(writes)) - set(NOTED_ANYWAY)
    if lost:
        yield f"changed {', '.join(sorted(lost))}"
    text = answer.get_data(as_text=True)
    if mine and MINE not in text:
        yield "lost what was typed"
    if mine and words_of(record) and THEIRS not in text:
        yield "does not show what the other one wrote"


def changed_by_others(record: object) -> sa.Update:
    """The next version, with other words wherever words are kept."""
    table, version = type(record), sa.inspect(type(record)).version_id_col
    values = dict.fromkeys(words_of(record), THEIRS) | {version.key: version + 1}
    return sa.update(table).where(table.id == record.id).values(values)  # type: ignore[attr-defined]


def words_of(record: object) -> list[str]:
    """The columns in which somebody's own words are kept, and not the codes of people who may not decide."""
    return [
        column.key
        for column in sa.inspect(type(record)).columns
        if isinstance(column.type, sa.Text)
        and not isinstance(column.type, sa.Enum)
        and not column.key.endswith("_by")
    ]


def record_of(stage: Stage, form: FoundForm) -> object:
    """The record that the address names."""
    policy, found = (
        policy_of(stage.app, form.endpoint),
        match(stage.app.url_map.bind("localhost"), form.url, form.method),
    )
    assert policy is not None
    if (paper := PAPER.search(form.url)) is not None:
        return stage.session.scalars(sa.select(Education).where(Education.code == paper[1])).one()
    assert policy.model is not None, form
    assert policy.argument is not None
    assert found is not None
    model = policy.model
    return stage.session.scalars(sa.select(model).where(model.code == found[1][policy.argument])).one()  # type: ignore[attr-defined]
