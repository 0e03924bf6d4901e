"""`portal reconcile`: what the page does with an export of another system, its totals, and the correction as a file."""

import csv
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.clock import today
from registry.organisations.models import Site
from registry.policy.models import Parameter
from registry.reconciliations.models import FieldAuthority, Reconciliation, SubjectKind
from registry.workforce.models import Profession
from tests.factories import (
    HUANGPU,
    NOW,
    make_account,
    make_export_caps,
    make_parameter,
    make_post,
    make_practitioner,
)
from tests.portal.commands.running import Command
from tests.reconciliation_factories import make_system

HEADS = "姓名,出生年份,岗位名称,备注"
SYSTEM, PURPOSE = ("--system", "示例登记系统"), ("--purpose", "送登记系统更正")
AS = ("--as", "district")


@pytest.fixture
def file(register: Session, tmp_path: Path) -> Path:
    """They have a nurse for a social worker, somebody whom we do not have, and lack somebody whom we have."""
    make_parameter(register, "intake.max_rows", "50")
    make_export_caps(register)
    make_account(register, Role.STREET, username="street", division_code="310101002")
    site = register.scalars(sa.select(Site).where(Site.division_code == "310101002")).first()
    assert site is not None
    for name, year in (("张小示例", 1985), ("李示例", 1990)):
        make_post(
            register,
            make_practitioner(register, name=name, birth_year=year),
            site,
            profession=Profession.SOCIAL_WORKER,
        )
    make_system(register, name="示例登记系统")
    for field in ("profession", "presence"):
        register.add(
            FieldAuthority(
                kind=SubjectKind.PRACTITIONERS,
                field=field,
                valid_from=today(),
                basis="示例",
                recorded_by="示例",
                recorded_at=NOW,
                division_code=HUANGPU,
            )
        )
    register.commit()
    path = tmp_path / "对方名单.csv"
    path.write_bytes(f"{HEADS}\n张小示例,1985,护士,甲\n王外人,1970,护士,乙\n".encode("gb18030"))
    return path


def comparisons(session: Session) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(Reconciliation)) or 0


def test_the_totals_add_up_and_the_correction_is_in_their_columns(
    run: Command, register: Session, file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "更正表.csv"
    result = run("reconcile", str(file), *SYSTEM, "--out", str(out), *PURPOSE, "--json", *AS)

    assert result.exit_code == 0, result.output
    facts = json.loads(result.output)
    counts = {name: facts[name] for name in ("rows", "matched", "only_theirs", "only_ours")}
    assert counts == {"rows": 2, "matched": 1, "only_theirs": 1, "only_ours": 1}
    assert facts["correction"] == {"file": str(out), "rows": 3}
    lines = list(csv.reader(out.read_bytes().decode("gb18030").splitlines()))
    assert lines[0] == [*HEADS.split(","), "更正说明", "权威来源", "来源系统", "水印"]
    assert lines[1][:4] == ["张小示例", "1985", "社会工作者", "甲"]
    assert lines[1][4:6] == ["“岗位名称”原为“护士”，应为“社会工作者”。", "“岗位名称”：精康通"]
    assert [line[0] for line in lines[2:]] == ["王外人", "李示例"]
    entry = register.scalars(sa.select(AuditEntry).where(AuditEntry.action == "practitioner.export")).one()
    assert (entry.facts["rows"], entry.reason) == (3, PURPOSE[1])


def test_without_a_file_to_write_the_totals_are_lines(run: Command, register: Session, file: Path) -> None:
    result = run("reconcile", str(file), *SYSTEM, *AS)

    assert result.exit_code == 0, result.output
    assert (
        "对方名单.csv: rows 2, matched 1, only theirs 1, ambiguous 0, unreadable 0, only ours 1"
        in result.output
    )
    assert "different  1  (them 1, us 0, open 0, reported 0)" in result.output
    assert comparisons(register) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--system", "别的系统", *AS), "Known: "),
        ((*SYSTEM, "--out", "更正表.pdf", *AS), "--out must end in .csv or .xlsx"),
        ((*SYSTEM, "--out", "更正表.csv", *AS), "needs --purpose"),
        ((*SYSTEM, "--as", "street"), "The account may not do this; name another one with --as."),
        (SYSTEM, "No open account"),
    ],
)
def test_what_cannot_be_done_says_how_it_can(
    run: Command, register: Session, file: Path, words: tuple[str, ...], said: str
) -> None:
    result = run("reconcile", str(file), *words, env={"PORTAL_AS": "nobody"})

    assert result.exit_code == 2
    assert said in result.output
    assert comparisons(register) == 0


def test_a_file_that_tells_nobody_apart_names_its_heads_and_the_page(
    run: Command, register: Session, file: Path
) -> None:
    file.write_text("甲,乙\n1,2\n", encoding="utf-8")
    result = run("reconcile", str(file), *SYSTEM, *AS)

    assert result.exit_code == 2
    assert "no column tells who is who (its heads: 甲, 乙)" in result.output
    assert "/reconciliations/new" in result.output
    assert comparisons(register) == 0


def test_a_file_that_cannot_be_read_or_is_too_long_is_named(
    run: Command, register: Session, file: Path
) -> None:
    file.write_text(f"{HEADS}\n" + "张小示例,1985,护士,甲\n" * 51, encoding="utf-8")
    long = run("reconcile", str(file), *SYSTEM, *AS)
    broken = file.with_suffix(".xlsx")
    broken.write_bytes(b"PK\x03\x04 no workbook")
    unread = run("reconcile", str(broken), *SYSTEM, *AS)
    for_a_program = run("reconcile", str(broken), *SYSTEM, *AS, "--json")

    assert (long.exit_code, unread.exit_code) == (2, 1)
    assert "共51行，超过一次50行的上限" in long.output
    assert "The file was not read; nothing was compared." in unread.output
    assert [one["remedy"] for one in json.loads(for_a_program.stdout)["errors"]] != [""]
    assert comparisons(register) == 0


def test_a_correction_above_the_cap_is_refused_and_the_comparison_stays(
    run: Command, register: Session, file: Path, tmp_path: Path
) -> None:
    register.execute(sa.update(Parameter).where(Parameter.key == "export.rows.district").values(value="2"))
    register.commit()
    out = tmp_path / "更正表.xlsx"
    result = run("reconcile", str(file), *SYSTEM, "--out", str(out), *PURPOSE, *AS)

    assert result.exit_code == 2
    assert "超过本岗位一次最多2人的上限" in result.output
    assert not out.exists()
    assert comparisons(register) == 1
