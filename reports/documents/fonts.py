"""Whether the fonts are there with which a paper is printed where the licensed ones of GB/T 9704 are not installed."""

from functools import cache

from registry.errors import CannotIssue
from registry.messages import N_, message

FREE = ("Noto Serif CJK SC", "Noto Sans CJK SC")
"""What is printed with where no licensed font is installed; rare characters of names (喆, 堃, 䶮) come from them."""

PACKAGE = "fonts-noto-cjk"


def refuse_without_fonts() -> None:
    """CannotIssue where a paper would come out as empty boxes; it names the Debian package that mends it."""
    missing = [family for family in FREE if not is_installed(family)]
    if missing:
        sentence = N_(
            "服务器缺少中文字体（%(fonts)s），文字会印成空框，没有出具文件。请管理员安装软件包%(package)s，重新启动系统服务后再试。"
        )
        raise CannotIssue(message(sentence, fonts=tuple(missing), package=PACKAGE))


def is_installed(family: str) -> bool:
    """Whether asking for the family gives the family: fontconfig always answers with something.

    A process keeps the answer, as the libraries that lay out keep their fonts: a new one counts after a restart.
    """
    return family in _families_for(family)


@cache
def _families_for(family: str) -> tuple[str, ...]:
    from weasyprint.text.ffi import ffi, fontconfig  # its own binding, so that both see the same fonts

    pattern = ffi.gc(fontconfig.FcPatternCreate(), fontconfig.FcPatternDestroy)
    fontconfig.FcPatternAddString(pattern, b"family", family.encode())
    fontconfig.FcConfigSubstitute(ffi.NULL, pattern, fontconfig.FcMatchPattern)
    fontconfig.FcDefaultSubstitute(pattern)
    match = fontconfig.FcFontMatch(ffi.NULL, pattern, ffi.new("FcResult *"))
    if match == ffi.NULL:
        return ()
    found = ffi.gc(match, fontconfig.FcPatternDestroy)
    names: list[str] = []
    name = ffi.new("FcChar8 **")
    while fontconfig.FcPatternGetString(found, b"family", len(names), name) == fontconfig.FcResultMatch:
        names.append(ffi.string(name[0]).decode())
    return tuple(names)
