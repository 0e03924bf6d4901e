"""Districts and streets as people type them: the quick way finds what reading every name finds."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.directory import area_names
from registry.directory.area_names import areas_called
from registry.directory.readings import plain, readings_of
from registry.divisions.loading import load_divisions
from registry.divisions.models import Division
from tests.factories import NOW, make_division, make_provider

TODAY = date(2026, 11, 26)
TYPED = (
    "huangpu",
    "hp",
    "h",
    "hpqu",
    "shanx",
    "zengc",
    "zc",
    "cq",
    "yj",
    "zzzz",
    "3",
    "xian",
    "changan",
    "lvl",
    "v",
)


@pytest.fixture
def shanghai(session: Session) -> Session:
    for code, name in (
        ("31", "上海市"),
        ("3101", "市辖区"),
        ("310101", "黄浦区"),
        ("310101002", "南京东路街道"),
        ("310101013", "外滩街道"),
        ("310101014", "单家桥镇"),
        ("310104", "浦黄区"),
    ):
        make_division(session, code, name=name)
    for code in ("310101002", "310104"):
        make_provider(session, division_code=code)
    return session


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("黄浦", ["310101"]),
        ("浦", ["310104", "310101"]),
        ("huangp", ["310101"]),
        ("hpq", ["310101"]),
        ("njdl", ["310101002"]),
        ("WaiTan", ["310101013"]),
        ("danjia", ["310101014"]),
        ("shanjia", ["310101014"]),
        ("angpu", []),
        ("shanghai", []),
        ("%", []),
    ],
)
def test_areas_are_found_by_parts_pinyin_and_initials(
    shanghai: Session, typed: str, codes: list[str]
) -> None:
    assert areas_called(shanghai, typed, TODAY) == codes


def test_what_is_found_is_what_reading_every_name_finds(session: Session) -> None:
    load_divisions(session, at=NOW, by="测试")
    known = list(session.execute(_KNOWN))
    read = {name: readings_of(name) for _code, name in known}

    for typed in TYPED:
        wanted = plain(typed)
        every = [code for code, name in known if any(f" {wanted}" in text for text in read[name])]
        assert [code for code, _name in area_names._read_as(session, _KNOWN, wanted)] == every, typed


def test_where_no_place_lies_nothing_is_found(session: Session) -> None:
    make_division(session, "310101", name="黄浦区")

    assert areas_called(session, "huangpu", TODAY) == []


def test_no_reading_of_any_name_is_ruled_out(session: Session) -> None:
    load_divisions(session, at=NOW, by="测试")
    for (name,) in session.execute(sa.select(Division.name).distinct()):
        for text in readings_of(name):
            _blank, _whole, spelt, initials = text.split(" ")
            assert area_names._may_be_read_as(name, spelt), (name, spelt)  # what the quick way rests on
            assert area_names._may_be_read_as(name, initials), (name, initials)


def test_a_search_reads_only_the_names_that_it_finds(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_divisions(session, at=NOW, by="测试")
    read: list[str] = []
    monkeypatch.setattr(area_names, "readings_of", lambda name: read.append(name) or readings_of(name))

    areas_called(session, "huangpu", TODAY)
    areas_called(session, "zzzz", TODAY)
    assert len(read) < 20


_KNOWN = (
    sa.select(Division.code, Division.name)
    .where(
        Division.level.in_(("district", "township")),
        Division.kind.not_in(area_names.HIDDEN_KINDS),
        area_names.in_force(TODAY),
    )
    .order_by(sa.func.length(Division.code), Division.code)
)
