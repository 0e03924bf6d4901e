"""`portal map` and `portal boundaries`: one file without a network, and boundaries of one's own."""

import errno
import json
import os
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.models import AuditEntry
from tests.factories import make_account, make_provider
from tests.portal.commands.running import Command
from tests.reports.coverage.shapes import BOW_TIE, collection, feature, square

ON = "2026-11-23"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "地图.html"


def entries(session: Session, subject: str) -> list[AuditEntry]:
    """As another process left them; no lock is kept."""
    session.rollback()
    found = list(session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_type == subject)))
    session.expunge_all()
    session.rollback()
    return found


def block(text: str, name: str) -> dict:
    (found,) = re.findall(rf'id="{name}">(.*?)</script>', text, re.DOTALL)
    return json.loads(found)


def test_the_file_holds_areas_values_points_and_tables(run: Command, register: Session, out: Path):
    make_provider(register, division_code="310101001", name="示例中心")
    register.commit()

    answer = run("map", "--division", "3101", "--on", ON, "--out", str(out))

    assert answer.exit_code == 0, answer.output
    text = out.read_text(encoding="utf-8")
    assert [area["id"] for area in block(text, "map-geometry")["objects"]["areas"]["geometries"]] == [
        "310101"
    ]
    assert block(text, "map-data")["areas"]["shades"] == "n"
    assert block(text, "map-sites")["codes"] == []
    assert "共3处服务场所：图上0处，缺点位3处。" in text
    assert "示意图，不表示行政区划界线。" in text


def test_the_file_asks_for_nothing(run: Command, register: Session, out: Path):
    run("map", "--division", "31", "--on", ON, "--out", str(out))

    text = out.read_text(encoding="utf-8")
    assert re.findall(r"<(?:script|link|img|iframe)[^>]*\s(?:src|href)=", text) == []
    assert "url(images" not in text
    assert "default-src 'none'" in text


def test_each_file_is_in_the_trail_with_what_it_holds(run: Command, register: Session, out: Path):
    run("map", "--division", "31", "--on", ON, "--out", str(out))

    (entry,) = entries(register, "map")
    assert entry.actor_name
    assert (entry.action, entry.division_code) == ("map.see", "31")
    assert entry.facts == {"format": "html", "areas": 1, "sites": 0, "division": "31", "on": ON}


def test_a_map_outside_ones_own_division_has_no_shares(run: Command, register: Session, out: Path):
    answer = run("map", "--division", "31", "--on", ON, "--out", str(out), "--as", "elsewhere")

    assert answer.exit_code == 0
    text = out.read_text(encoding="utf-8")
    assert block(text, "map-data")["areas"] is None
    assert "这一区划的占比不在您的权限范围内" in text


def test_an_account_without_the_map_is_refused(run: Command, register: Session, out: Path):
    make_account(register, Role.SYSADMIN, username="system")
    register.commit()

    answer = run("map", "--division", "31", "--out", str(out), "--as", "system")

    assert answer.exit_code == 2
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--division", "99"), "没有区划代码“99”"),
        (("--on", "2026-02-30"), "2026-02-30"),
        (("--figure", "no-such"), "no-such"),
        (("--rule", "none"), "没有口径"),
    ],
)
def test_a_question_without_an_answer_leaves_no_file(run: Command, register: Session, out: Path, words, said):
    answer = run("map", *words, "--out", str(out))

    assert answer.exit_code == 2
    assert said in answer.output
    assert not out.exists()


@pytest.mark.parametrize(("name", "said"), [("map.pdf", "must end in .html"), ("none/map.html", "no folder")])
def test_a_place_that_cannot_be_is_refused_at_once(run: Command, register: Session, tmp_path, name, said):
    answer = run("map", "--out", str(tmp_path / name))

    assert answer.exit_code == 2
    assert said in answer.output


def fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)


def test_a_full_disk_leaves_the_old_file_and_no_entry(
    run: Command, register: Session, out: Path, monkeypatch
):
    out.write_text("the map of yesterday")
    run("map", "--division", "310101001", "--out", str(out.with_name("warm.html")))  # areas are kept by now
    before = len(entries(register, "map"))
    fill_the_disk(monkeypatch)

    answer = run("map", "--division", "310101001", "--out", str(out))

    assert answer.exit_code == 2
    assert "No space left on device" in answer.output
    assert out.read_text() == "the map of yesterday"
    assert not list(out.parent.glob(".*.html.*"))
    assert len(entries(register, "map")) == before


def put(tmp_path: Path, data: bytes, name: str = "own.geojson") -> str:
    file = tmp_path / name
    file.write_bytes(data)
    return str(file)


def test_a_dry_run_says_what_matches_and_writes_nothing(run: Command, register: Session, tmp_path: Path):
    make_provider(register, division_code="310101002")
    site = make_provider(register, division_code="310101001", name="远处中心")
    site.latitude, site.longitude, site.precision = 31.0, 121.0, "exact"
    register.commit()
    file = put(
        tmp_path, collection(feature("310101", square(0, 0, 1)), feature("999999", BOW_TIE, name="某地"))
    )

    answer = run("boundaries", "load", file, "--dry-run")

    assert answer.exit_code == 0, answer.output
    assert "matched: 1  unknown: 1  repaired: 1" in answer.output
    assert "unknown  999999" in answer.output
    assert "repaired  999999 某地  Self-intersection[0.5 0.5]" in answer.output
    assert "outside  远处中心" in answer.output
    assert not (tmp_path / "boundaries").exists()
    assert entries(register, "boundaries") == []


def test_boundaries_of_ones_own_are_in_use_after_the_load(run: Command, register: Session, tmp_path, out):
    file = put(tmp_path, collection(feature("310101", square(121, 31, 0.5), name="黄浦区")))

    answer = run("boundaries", "load", file)
    run("map", "--division", "31", "--out", str(out))

    assert answer.exit_code == 0, answer.output
    assert "边界来源：own.geojson。" in out.read_text(encoding="utf-8")
    (entry,) = entries(register, "boundaries")
    assert (entry.subject_code, entry.facts) == ("own.geojson", {"matched": 1, "unknown": 0, "repaired": 0})


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"{", "half.json", "没有下载完"),
        (collection(feature("31", square(0))), "areas.shp", "结尾"),
        (collection(feature("999999", square(0))), "elsewhere.geojson", "None of the codes is a division"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(run: Command, register: Session, tmp_path, data, name, said):
    answer = run("boundaries", "load", put(tmp_path, data, name))

    assert answer.exit_code == 1
    assert said in answer.output
    assert not (tmp_path / "boundaries").exists()


def test_whoever_may_not_change_divisions_loads_no_boundaries(run: Command, register: Session, tmp_path):
    file = put(tmp_path, collection(feature("310101", square(0))))

    assert run("boundaries", "load", file, "--as", "district").exit_code == 2
