"""The search of the public: what it finds, and in which order."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.directory.keeping import read_names
from registry.directory.search import search_places
from registry.organisations.models import Site, SiteKind
from tests.factories import make_organisation, make_site, make_standing

TODAY = date(2026, 11, 26)


def place(session: Session, name: str, **facts) -> Site:
    organisation = make_organisation(session, name=facts.pop("organisation", name))
    make_standing(session, organisation)
    return make_site(session, organisation, name=name, **facts)


def found(session: Session, typed: str) -> list[str]:
    session.commit()
    return [one.site.name for one in search_places(session, typed, TODAY).places]


def test_a_place_is_found_by_characters_pinyin_initials_and_one_slip(session: Session) -> None:
    place(session, "上海新芽康复中心（示例）")
    place(session, "单家桥阳光之家")

    for typed in ("新芽", "xinyakangfu", "shxyk", "xykfzx", "XinYa Kang'fu", "xinyakanfu", "ｘｉｎｙａ"):
        assert found(session, typed) == ["上海新芽康复中心（示例）"], typed
    for typed in ("shanjiaqiao", "danjiaqiao", "sjqygzj", "单家"):
        assert found(session, typed) == ["单家桥阳光之家"], typed


def test_a_slip_is_said_to_be_a_guess_and_only_where_nothing_is_called_so(session: Session) -> None:
    place(session, "新芽康复中心")
    session.commit()

    assert not search_places(session, "xinya", TODAY).is_guess
    assert search_places(session, "xinyakanfu", TODAY).is_guess
    assert not search_places(session, "zzzzzz", TODAY).is_guess


def test_names_that_begin_so_come_first(session: Session) -> None:
    place(session, "上海新芽康复中心")
    place(session, "新芽会所")

    assert found(session, "xinya") == ["新芽会所", "上海新芽康复中心"]


def test_a_place_is_found_by_its_organisation_too_and_by_the_new_name_at_once(session: Session) -> None:
    site = place(session, "二楼服务点", organisation="曾氏康复之家")
    assert found(session, "zengshi") == ["二楼服务点"]

    site.name = "三楼服务点"
    assert found(session, "sanlou") == ["三楼服务点"]
    assert found(session, "erlou") == []
    site.organisation.name = "仇氏康复之家"
    assert found(session, "qiushi") == ["三楼服务点"]


def test_a_name_written_by_a_bulk_statement_is_read_at_the_commit(session: Session) -> None:
    site = place(session, "新芽康复中心")
    session.commit()
    session.execute(sa.update(Site.__table__).values(name="朴家服务点").where(Site.id == site.id))

    assert found(session, "piaojia") == ["朴家服务点"]


def test_places_that_do_not_serve_are_not_found(session: Session) -> None:
    place(session, "新芽一", closed_on=date(2026, 1, 1))
    place(session, "新芽二", opened_on=date(2027, 1, 1))
    place(session, "新芽三", kind=SiteKind.OFFICE)
    unlisted = make_organisation(session, name="新芽四")
    make_site(session, unlisted, name="新芽四")

    assert found(session, "xinya") == []


def test_signs_of_a_pattern_and_nothing_at_all_find_nothing(session: Session) -> None:
    place(session, "新芽康复中心")

    for typed in ("%", "_", "", "  ", "\\", "'", "xin%ya%", "🙂"):
        assert found(session, typed) == ([] if typed != "xin%ya%" else ["新芽康复中心"]), typed


def test_names_are_read_once(session: Session) -> None:
    place(session, "新芽康复中心")
    session.commit()

    assert read_names(session) == 0
