"""The schedule of a year: read with every fault named by its row, and taken over in place of the one before."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.policy.loading import _rows, load_policy
from registry.policy.queries import calendar_days, working_calendar
from registry.policy.schedules import (
    Changes,
    Schedule,
    ScheduleRefused,
    changes_by,
    read_schedule,
    take_over,
)
from tests.schedule_rows import HEADS, NOTICE, WHOLE_2027

Row = Sequence[Any]


def read(rows: Sequence[Row], *, year: int = 2027, heads: Sequence[str] = HEADS) -> Schedule:
    return read_schedule(year, NOTICE, heads, [(number, row) for number, row in enumerate(rows, start=2)])


def faults(rows: Sequence[Row], **more: Any) -> list[tuple[int | None, str]]:
    with pytest.raises(ScheduleRefused) as refused:
        read(rows, **more)
    return [(fault.row, str(fault.message)) for fault in refused.value.faults]


def shipped_2026() -> list[Row]:
    words = {"1": "上班", "0": "放假"}
    return [(row["day"], words[row["is_workday"]], row["name"]) for row in _rows("calendar_2026.csv")]


def test_a_whole_notice_is_read() -> None:
    schedule = read(WHOLE_2027)
    assert (schedule.year, len(schedule.days)) == (2027, len(WHOLE_2027))
    assert schedule.days[0].day == date(2027, 1, 1)


def test_the_shipped_year_would_be_taken_as_it_is() -> None:
    rows = [
        (row["day"], "上班" if row["is_workday"] == "1" else "放假", row["name"])
        for row in _rows("calendar_2026.csv")
    ]
    assert len(read(rows, year=2026).days) == 39


@pytest.mark.parametrize(
    "typed",
    [
        "2027-01-01",
        "2027/1/1",
        "2027.1.1",
        "2027年1月1日",
        20270101,
        20270101.0,
        date(2027, 1, 1),
        datetime(2027, 1, 1),
    ],
)
def test_a_date_is_understood_as_people_write_it(typed: Any) -> None:
    assert read([(typed, "休", "元旦"), *WHOLE_2027[1:]]).days[0].day == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("明天", "放假", "元旦"), "日期“明天”不是日期，请按2027-01-31的样子填写。"),
        (("2027-02-30", "放假", "元旦"), "日期“2027-02-30”不是日期，请按2027-01-31的样子填写。"),
        (("2027-07-01", "也许", "暑假"), "“也许”不认识，“上班或放假”一列请填上班或放假。"),
        (("2027-07-01", "放假", ""), "名称没有填或超过40个字，请填节日名称，如春节、国庆节调休。"),
        (("2027-07-01", "放假", "长" * 41), "名称没有填或超过40个字，请填节日名称，如春节、国庆节调休。"),
        (("2028-01-01", "放假", "元旦"), "2028-01-01不在2027年，请核对年份。"),
        (("2026-11-30", "放假", "元旦"), "2026-11-30不在2027年，请核对年份。"),
        (("2027-05-01", "放假", "劳动节"), "2027-05-01与第14行重复，请只留一行。"),
        (("2027-07-01", "上班", "调休"), "2027-07-01是周一至周五，本来就上班，不是调休；请删去此行，或改为放假。"),
        (("2027-07-10", "上班", "调休"), "2027-07-10调休上班，但前后三周内没有工作日放假，请核对是否漏填。"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_row(row: Row, said: str) -> None:
    assert faults([*WHOLE_2027, row]) == [(len(WHOLE_2027) + 2, said)]


def test_every_fault_is_named_at_once() -> None:
    found = faults([("明天", "也许", ""), *WHOLE_2027, WHOLE_2027[0]])
    assert [row for row, _said in found] == [2, 2, 2, len(WHOLE_2027) + 3]


def test_a_year_without_one_of_its_holidays_is_not_published() -> None:
    half = [row for row in WHOLE_2027 if "端午" not in row[2] and "中秋" not in row[2]]
    assert faults(half) == [(None, "没有端午、中秋的放假安排，请按国务院办公厅通知补全。")]


def test_a_holiday_on_another_day_is_noticed() -> None:
    moved = [("2027-01-04", "放假", "元旦") if row[0] == "2027-01-01" else row for row in WHOLE_2027]
    assert faults(moved) == [(None, "2027-01-01是法定节假日，请列为放假。")]


def test_columns_that_are_missing_are_named() -> None:
    assert faults([], heads=("日子", "name")) == [(1, "缺少列：日期、上班或放假。请在首行补上这些列名。")]


def test_a_file_of_every_day_is_refused() -> None:
    ((row, said),) = faults([("2027-01-01", "放假", "元旦")] * 365)
    assert row is None
    assert said.startswith("文件有365行")


def test_an_empty_file_has_no_holidays() -> None:
    assert faults([])[0][1].startswith("没有元旦、春节")


def test_a_new_year_is_published_by_its_schedule(session: Session) -> None:
    load_policy(session)
    changes = take_over(session, read(WHOLE_2027))
    assert (len(changes.added), changes.changed, changes.removed, changes.kept) == (
        len(WHOLE_2027),
        (),
        (),
        (),
    )
    calendar = working_calendar(session)
    assert calendar.is_published(2027)
    assert not calendar.is_working_day(date(2027, 2, 8))
    assert calendar.is_working_day(date(2027, 2, 20))


def test_the_same_schedule_again_changes_nothing(session: Session) -> None:
    load_policy(session)
    take_over(session, read(WHOLE_2027))
    assert take_over(session, read(WHOLE_2027)).is_empty


def test_a_corrected_schedule_replaces_the_one_before(session: Session) -> None:
    load_policy(session)
    take_over(session, read(WHOLE_2027))
    corrected = [row for row in WHOLE_2027 if row[0] not in ("2027-02-13", "2027-02-20")]
    corrected.append(("2027-02-13", "放假", "春节延长"))
    assert changes_by(session, read(corrected)) == Changes(
        added=(),
        changed=(date(2027, 2, 13),),
        removed=(date(2027, 2, 20),),
        kept=tuple(
            date.fromisoformat(row[0]) for row in WHOLE_2027 if row[0] not in ("2027-02-13", "2027-02-20")
        ),
    )
    take_over(session, read(corrected))
    assert date(2027, 2, 20) not in {one.day for one in calendar_days(session, 2027)}
    assert len(calendar_days(session, 2026)) == 39


def test_a_day_of_the_december_before_is_not_taken_away_by_its_own_year(
    session: Session,
) -> None:
    load_policy(session)
    take_over(session, read([*WHOLE_2027, ("2026-12-31", "放假", "元旦")]))
    assert not working_calendar(session).is_working_day(date(2026, 12, 31))
    rows = [
        (row["day"], "上班" if row["is_workday"] == "1" else "放假", row["name"])
        for row in _rows("calendar_2026.csv")
    ]
    assert take_over(session, read(rows, year=2026)).is_empty
    assert not working_calendar(session).is_working_day(date(2026, 12, 31))
