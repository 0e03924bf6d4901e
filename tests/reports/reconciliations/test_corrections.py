"""更正表: of what we do not have ourselves nothing of theirs is blanked; their row says that they should look."""

from datetime import date

import pytest

from registry.intake.tables import RawRow, RawTable, TableFormat
from registry.messages import N_
from registry.parsing import Cell
from registry.reconciliations.columns import guessed
from registry.reconciliations.fields import KINDS
from registry.reconciliations.models import Corrector, Outcome, ReconciliationFinding, SubjectKind
from reports.corrections import Corrections
from reports.workbooks.correcting import CorrectedRow

HEADS = ("姓名", "出生年份", "身份证号", "有效期至", "最高学历", "毕业院校")


def finding(field: str, theirs: str, ours: str = "", *, outcome: Outcome = Outcome.WE_LACK):
    return ReconciliationFinding(
        outcome=outcome, corrector=Corrector.THEM, row=2, field=field, theirs=theirs, ours=ours
    )


def corrected(*told: ReconciliationFinding, day: Cell = "2027-05-01") -> CorrectedRow:
    """The one row of their list, as they get it back from somebody who sees all."""
    cells = ["张示例", "1985", "已填", day, "本科", "示例大学"]
    table = RawTable("对方.csv", "", TableFormat.CSV, "", 1, HEADS, [RawRow(2, cells)])
    made = Corrections(
        kind=KINDS[SubjectKind.PRACTITIONERS],
        table=table,
        said=guessed(SubjectKind.PRACTITIONERS, HEADS, None),
        ours={},
        sees=lambda field: True,
        source_of=lambda key: "精康通",
        gettext=N_,
    )
    (row,) = made.rows(told)
    return row


@pytest.mark.parametrize(
    ("field", "head"),
    [
        ("birth_year", "出生年份"),
        ("identity_number", "身份证号"),
        ("valid_to", "有效期至"),
        ("level", "最高学历"),
        ("school", "毕业院校"),
    ],
)
def test_a_cell_of_theirs_stays_where_we_have_nothing_and_is_no_correction(field: str, head: str) -> None:
    row = corrected(finding(field, "他们写的"))

    assert row.cells == ["张示例", "1985", "已填", "2027-05-01", "本科", "示例大学"]
    assert row.note == f"“{head}”登记册没有这一项，请核对。"
    assert (row.changed, row.source) == (frozenset(), "")


def test_a_day_that_is_a_day_stays_one() -> None:
    assert corrected(finding("valid_to", "2027-05-01"), day=date(2027, 5, 1)).cells[3] == date(2027, 5, 1)


def test_what_we_have_is_put_right_beside_what_we_have_not() -> None:
    school = finding("school", "示例大学", "示例师范大学", outcome=Outcome.DIFFERENT)

    row = corrected(finding("valid_to", "2027-05-01"), school, finding("level", "本科"))

    assert row.cells[3:] == ["2027-05-01", "本科", "示例师范大学"]
    assert row.note.splitlines() == [
        "“有效期至”登记册没有这一项，请核对。",
        "“毕业院校”原为“示例大学”，应为“示例师范大学”。",
        "“最高学历”登记册没有这一项，请核对。",
    ]
    assert (row.changed, row.source) == (frozenset({5}), "“毕业院校”：精康通")


def test_a_text_that_is_blank_here_blanks_nothing_either() -> None:
    row = corrected(finding("school", "示例大学", outcome=Outcome.DIFFERENT))

    assert (row.cells[5], row.changed) == ("示例大学", frozenset())


def test_a_sealed_number_that_differs_is_still_looked_at_in_the_paper() -> None:
    row = corrected(finding("identity_number", "", outcome=Outcome.DIFFERENT))

    assert (row.note, row.changed) == ("“身份证号”不一致，请核对原件。", frozenset({2}))
