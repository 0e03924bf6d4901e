"""The answers to files from which no table can be read; each says what to do instead."""

from registry.intake.problems import FileRefused, Problem
from registry.messages import N_, Message, message

SAVE_AS_XLSX = N_("请用表格软件打开，另存为“Excel 工作簿（.xlsx）”后重新上传。")


def refused(file_name: str, what: Message, remedy: Message, *, sheet: str = "") -> FileRefused:
    """To be raised: the whole file is the place of the problem."""
    return FileRefused(Problem(sheet, 0, "", "", file_name, what, remedy))


def empty_file(file_name: str) -> FileRefused:
    """Nothing at all, or nothing but blanks."""
    return refused(file_name, message(N_("文件是空的。")), message(N_("请下载模板，填好数据后重新上传。")))


def header_only(file_name: str, sheet: str) -> FileRefused:
    """A header and no row below it."""
    return refused(
        file_name,
        message(N_("只有表头，没有数据行。")),
        message(N_("请从表头下一行开始填写数据后重新上传。")),
        sheet=sheet,
    )


def foreign_type(file_name: str) -> FileRefused:
    """A file of a type that is not read."""
    return refused(
        file_name,
        message(N_("这种文件不能导入；只收 .xlsx、.xls 和 .csv。")),
        message(SAVE_AS_XLSX),
    )


def wrong_extension(file_name: str, real: str) -> FileRefused:
    """The bytes are of a type that is read, and the name says another."""
    return refused(
        file_name,
        message(N_("文件名的后缀与内容不符：内容是 %(real)s。"), real=real),
        message(N_("请把文件名的后缀改成 %(real)s，或另存为 .xlsx 后重新上传。"), real=real),
    )


def web_table(file_name: str) -> FileRefused:
    """Many systems export a web page under the name of a workbook."""
    return refused(
        file_name,
        message(N_("文件内容其实是网页表格，不是工作簿；不少系统导出的 .xls 都是这样。")),
        message(SAVE_AS_XLSX),
    )


def not_a_workbook(file_name: str) -> FileRefused:
    """A package of something else, or of nothing."""
    return refused(file_name, message(N_("文件内容不是工作簿。")), message(SAVE_AS_XLSX))


def broken(file_name: str) -> FileRefused:
    """Cut off on its way, or damaged."""
    return refused(
        file_name,
        message(N_("文件不完整或已损坏，读不出来。")),
        message(N_("请确认文件能用表格软件打开，另存一份后重新上传。")),
    )


def locked(file_name: str) -> FileRefused:
    """Protected by a password."""
    return refused(
        file_name,
        message(N_("文件设了打开密码，读不出来。")),
        message(N_("请在表格软件中取消打开密码，保存后重新上传。")),
    )


def holds_macros(file_name: str) -> FileRefused:
    """Programs are not taken in."""
    return refused(file_name, message(N_("文件里有宏，不能导入。")), message(SAVE_AS_XLSX))


def too_large(file_name: str) -> FileRefused:
    """Would unpack to more than a workbook may."""
    return refused(
        file_name,
        message(N_("文件解开后过大（超过200MB、压缩比超过100或部件超过1000个），没有读取。")),
        message(N_("请只保留要导入的一张表，删去图片和空白区域的格式，或拆成几个文件。")),
    )


def too_far(file_name: str, sheet: str, cell: str) -> FileRefused:
    """A cell so far out that the sheet would be a huge rectangle."""
    return refused(
        file_name,
        message(N_("单元格%(cell)s有内容，超出了可读取的范围（50列、40万行）。"), cell=cell),
        message(N_("请删去数据区以外的内容，保存后重新上传。")),
        sheet=sheet,
    )


def unreadable_text(file_name: str) -> FileRefused:
    """Neither UTF-8 nor GB18030."""
    return refused(
        file_name,
        message(N_("文字编码认不出来：不是 UTF-8，也不是 GB18030（GBK）。")),
        message(N_("请用表格软件打开，另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后重新上传。")),
    )


def broken_line(file_name: str, line: int) -> FileRefused:
    """A quote that is opened and never closed, or the like."""
    return refused(
        file_name,
        message(N_("从第%(line)s行起读不下去：引号没有成对，或一格过长。"), line=line),
        message(N_("请在这一行附近补上或删去多余的英文双引号。")),
    )


def no_sheet(file_name: str) -> FileRefused:
    """Every sheet is hidden, a chart, or our own notes."""
    return refused(
        file_name,
        message(N_("工作簿里没有可以读取的工作表。")),
        message(N_("请把数据放在一张没有隐藏的工作表里，保存后重新上传。")),
    )
