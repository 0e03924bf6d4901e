"""A damaged .xls is refused, whatever its parser does: some files end the process that reads them."""

import random
import struct
from pathlib import Path

import pytest

from registry.intake.problems import FileRefused
from reports.workbooks import legacy, legacy_sheets
from reports.workbooks.legacy_sheets import LegacySheet
from reports.workbooks.reading import read_table
from reports.workbooks.values import ValuesBroken, _read_xls

LEGACY = (Path(__file__).parent / "data" / "legacy.xls").read_bytes()


def test_one_byte_that_ends_the_parsers_process_refuses_the_file():
    hostile = bytearray(LEGACY)
    hostile[1710] = 0x5D  # calamine 0.37 asks for 686 GB and aborts
    with pytest.raises(FileRefused) as caught:
        read_table(bytes(hostile), "旧版.xls")
    assert "不完整或已损坏" in str(caught.value.problem.message)


def test_a_parser_that_panics_refuses_the_file():
    with pytest.raises(ValuesBroken):
        _read_xls(b"\xd0\xcf\x11\xe0" + b"\0" * 2_000)


def test_damaged_containers_are_broken_and_nothing_else():
    chance = random.Random(5)
    for _round in range(400):
        damaged = bytearray(LEGACY)
        for _change in range(chance.choice([1, 4, 30])):
            damaged[chance.randrange(8, len(damaged))] = chance.choice([0, 1, 128, 255])
        try:
            records = legacy.Compound.open(bytes(damaged)).workbook()
            legacy_sheets.is_locked(records)
            for sheet in legacy_sheets.sheets(records):
                legacy_sheets.scan(records, sheet)
                legacy_sheets.filled(records, [sheet])
        except legacy.LegacyBroken:
            continue


def test_many_sheets_over_the_same_records_are_gone_through_once() -> None:
    begin, nothing, end = (struct.pack("<HH", kind, 0) for kind in (0x0809, 0x0000, 0x000A))
    records = begin + nothing * 1_000 + end
    sheets = [LegacySheet(f"Sheet{number}", 0, is_visible=False) for number in range(400)]

    assert legacy_sheets.filled(records, sheets[:1]) == set()
    with pytest.raises(legacy.LegacyBroken):
        legacy_sheets.filled(records, sheets)
