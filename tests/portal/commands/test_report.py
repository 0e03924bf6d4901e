"""`portal report briefing`: the button on the command line, with its permission, its record and its refusals."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from sqlalchemy.orm import Session

from registry.documents.codes import grouped
from registry.documents.models import IssuedDocument
from tests.portal.commands.running import Command


def records(register: Session) -> list[IssuedDocument]:
    register.rollback()
    return list(register.scalars(sa.select(IssuedDocument)))


def test_the_file_is_written_and_its_code_is_on_record(
    run: Command, register: Session, tmp_path: Path
) -> None:
    out = tmp_path / "简报.pdf"

    answer = run("report", "briefing", "--division", "310101", "--on", "2026-11-20", "--out", str(out))

    assert answer.exit_code == 0, answer.output
    (record,) = records(register)
    assert grouped(record.code) in answer.output
    assert str(record.sha256) in answer.output
    assert (tmp_path / "documents" / record.file_name).read_bytes() == out.read_bytes()
    assert "310101" in PdfReader(out).pages[0].extract_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "x.txt"), "must end in .pdf or .docx"),
        (("--out", "{tmp}/no/such/x.pdf"), "没有文件夹"),
        (("--out", "{tmp}/x.pdf", "--on", "2010-01-01"), "登记数据自2023-01-01起"),
        (("--out", "{tmp}/x.docx", "--on", "2099-01-01"), "在今天之后"),
        (("--out", "{tmp}/x.pdf", "--division", "999999"), "没有区划代码"),
        (("--out", "{tmp}/x.pdf", "--figure", "no-such"), "没有指标"),
        (("--out", "{tmp}/x.pdf", "--division", "310101", "--as", "elsewhere"), "may not see it"),
        (("--out", "{tmp}/x.pdf", "--as", "nobody"), "No open account"),
    ],
)
def test_what_is_refused_leaves_no_file_and_no_record(
    run: Command, register: Session, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    answer = run("report", "briefing", *(word.format(tmp=tmp_path) for word in words))

    assert (answer.exit_code, said in answer.output) == (2, True), answer.output
    assert records(register) == []
    assert [file for file in tmp_path.rglob("*") if file.suffix in (".pdf", ".docx", ".txt")] == []
