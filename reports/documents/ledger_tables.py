"""The ledger on paper: who counts, who does not, why, and until when. Names are cut, the number leads to the person."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from registry.access.masks import masked_name
from registry.messages import N_
from registry.vocabulary import term
from reports.documents.paper import Column, Paragraph, Table
from reports.documents.speech import Speech
from reports.figures.ledger import LedgerRow, Standing
from reports.figures.wording import NOTHING

STANDINGS = {
    Standing.HOLDER: N_("计入分子和分母"),
    Standing.STAFF: N_("只计入分母"),
    Standing.REPEAT: N_("合计中不重复计"),
    Standing.OUTSIDE: N_("不计"),
}


def people_tables(people: Sequence[LedgerRow], say: Speech) -> Iterator[Table]:
    """One table for each institution; its caption adds up its rows."""
    for (name, _key), rows in groupby(people, lambda row: (row.employer.name, row.employer.id)):
        listed = list(rows)
        yield people_table(_caption(name, listed, say), listed, say)


def people_table(caption: str, people: Sequence[LedgerRow], say: Speech) -> Table:
    """All of them under one caption."""
    columns = (
        Column(say(N_("人员编号")), 15),
        Column(say(N_("姓名")), 9),
        Column(say(N_("岗位")), 15),
        Column(say(N_("是否计入")), 15),
        Column(say(N_("原因")), 31),
        Column(say(N_("有效至")), 15),
    )
    return Table(caption, columns, [_person(row, say) for row in people])


def people_note(say: Speech, taken: str = "") -> Paragraph:
    """How to read them; `taken` says who took them along and what for."""
    note = say(
        N_("姓名隐去部分，凭人员编号可在系统中查到本人；一年内离任的人员也列出。“有效至”是不再计入的第一天。")
    )
    return Paragraph(say.joined((note, taken)), is_note=True)


def _caption(name: str, rows: Sequence[LedgerRow], say: Speech) -> str:
    holders = sum(row.standing is Standing.HOLDER for row in rows)
    counted = holders + sum(row.standing is Standing.STAFF for row in rows)
    return say(N_("%(name)s（分子%(part)s人，分母%(whole)s人）"), name=name, part=holders, whole=counted)


def _person(row: LedgerRow, say: Speech) -> tuple[str, ...]:
    return (
        row.person.person_no,
        masked_name(row.person.name),
        say.alone(say.listed(say.word(term(one)) for one in row.professions)),
        say(STANDINGS[row.standing]),
        say.message(row.reason),
        _until(row, say),
    )


def _until(row: LedgerRow, say: Speech) -> str:
    """The first day on which it no longer holds, with the cause."""
    if row.until is None:
        return NOTHING
    if row.until_reason is None:
        return row.until.isoformat()
    places = {"day": row.until.isoformat(), "reason": say.message(row.until_reason)}
    return say(N_("%(day)s（%(reason)s）"), **places)
