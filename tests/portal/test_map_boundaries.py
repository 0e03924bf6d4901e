"""A customer's own boundaries on the map: what they draw, and what is said of a file that no map can use."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.settings import Settings
from registry.access.actors import Actor
from registry.access.models import Role
from registry.access.queries import account_by_username
from tests.portal.polite import Polite
from tests.portal.test_map import HUANGPU, SHANGHAI, address, geometry_of, script_data
from tests.reports.coverage.shapes import BOW_TIE, collection, feature, square


@pytest.fixture
def connection(demo_connection: sa.Connection) -> sa.Connection:
    return demo_connection


@pytest.fixture
def enter(sign_in: Callable[..., Actor], session: Session) -> Callable[[Role], Actor]:
    """Signs the demonstration account of a role in."""

    def as_role(role: Role = Role.CITY) -> Actor:
        return sign_in(account=account_by_username(session, f"demo-{role}"))

    return as_role


@pytest.fixture
def boundaries(settings: Settings) -> "Callable[[bytes], Path]":
    """Puts a customer's file in place, for one test."""
    files: list[Path] = []

    def put(data: bytes, name: str = "own.geojson") -> Path:
        file = settings.home / "boundaries" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
        files.append(file)
        return file

    yield put
    for file in files:
        file.unlink()


def test_a_customers_boundaries_are_drawn_and_named(polite: Polite, client, enter, boundaries):
    boundaries(
        collection(feature(HUANGPU, square(121.4, 31.2, 0.1)), feature("310104", BOW_TIE, name="徐汇区"))
    )
    enter()

    page = polite.get(address(division=SHANGHAI))

    assert [area["id"] for area in geometry_of(client, page)["objects"]["areas"]["geometries"]] == [
        HUANGPU,
        "310104",
    ]
    assert len(script_data(page)["areas"]["numerators"]) == 2
    assert "边界来源：own.geojson。" in page.main
    assert "14个下级区划没有边界数据，以方块示意：长宁区、静安区" in page.main
    assert "以下区划的边界与自身相交，读取时已修复：徐汇区。" in page.main
    assert "处场所的点位不在所在区县的边界内" in page.main


def test_a_customers_file_that_cannot_be_read_is_named_and_the_map_drawn(polite: Polite, enter, boundaries):
    boundaries(b"{", "half.json")
    enter()

    page = polite.get(address(division=SHANGHAI))

    assert "边界文件half.json未能使用：文件不是完整的JSON" in page.main
    assert len(script_data(page)["areas"]["numerators"]) == 16


def test_a_customers_file_that_does_not_open_is_named_and_the_map_drawn(polite: Polite, enter, boundaries):
    file = boundaries(b"")
    file.unlink()
    file.symlink_to(file.with_name("taken-away"))
    enter()

    page = polite.get(address(division=SHANGHAI))

    assert "边界文件own.geojson未能使用：文件打不开" in page.main
    assert len(script_data(page)["areas"]["numerators"]) == 16


def test_a_full_disk_costs_time_and_not_the_map(polite: Polite, client, enter, boundaries, monkeypatch):
    boundaries(collection(feature(HUANGPU, square(121.4, 31.2, 0.123))))
    enter()

    def refuse(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    page = polite.get(address(division=SHANGHAI))

    areas = geometry_of(client, page)["objects"]["areas"]["geometries"]
    assert [area["id"] for area in areas] == [HUANGPU]
