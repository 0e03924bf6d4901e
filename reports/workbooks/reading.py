"""From uploaded bytes to a table: tells the format by name and content, and refuses what does not fit together."""

from collections.abc import Sequence
from pathlib import PurePath

from registry.intake.bulk import without_collection
from registry.intake.tables import RawTable
from reports.workbooks import legacy, refusals

ZIP_MAGIC = b"PK\x03\x04"


def read_table(data: bytes, file_name: str, *, sheets: Sequence[str] = ()) -> RawTable:
    """One table of the file, from the sheet of a wanted name or else the first one; raises FileRefused.

    What can be pointed at (formulas, merged cells, sheets left unread) is in the table's problems.
    """
    if not data.strip():
        raise refusals.empty_file(file_name)
    suffix = PurePath(file_name).suffix.lower()
    if suffix not in (".xlsx", ".xls", ".csv"):
        raise refusals.foreign_type(file_name)
    _check_content(data, file_name, suffix)
    with without_collection():
        return _read(data, file_name, suffix, sheets)


def _read(data: bytes, file_name: str, suffix: str, sheets: Sequence[str]) -> RawTable:
    """The libraries are loaded here, so that a command that reads nothing starts without them."""
    if suffix == ".csv":
        from reports.workbooks.delimited import read_csv

        return read_csv(data, file_name)
    from reports.workbooks.spreadsheets import read_xls, read_xlsx

    read = read_xlsx if suffix == ".xlsx" else read_xls
    return read(data, file_name, sheets=sheets)


def _check_content(data: bytes, file_name: str, suffix: str) -> None:
    """An .xlsx with a password is a compound file, and so is every .xls."""
    if data.startswith(ZIP_MAGIC):
        if suffix != ".xlsx":
            raise refusals.wrong_extension(file_name, ".xlsx")
    elif data.startswith(legacy.MAGIC):
        _check_compound(data, file_name, suffix)
    elif suffix != ".csv":
        raise refusals.web_table(file_name) if _is_markup(data) else refusals.not_a_workbook(file_name)


def _check_compound(data: bytes, file_name: str, suffix: str) -> None:
    try:
        is_locked = legacy.Compound.open(data).is_encrypted_package
    except legacy.LegacyBroken as error:
        raise refusals.broken(file_name) from error
    if is_locked:
        raise refusals.locked(file_name)
    if suffix != ".xls":
        raise refusals.wrong_extension(file_name, ".xls")


def _is_markup(data: bytes) -> bool:
    return data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
