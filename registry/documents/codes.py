"""The check code as people read it: printed in two groups, typed with or without them, in any case."""

import re

from registry.base import CODE_ALPHABET, CODE_LENGTH

GROUP = 5
"""Characters of one printed group."""

SEPARATORS = re.compile(r"[\s\-_.·—–－　]+")
FULL_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


def grouped(code: str) -> str:
    """7f3k9ab2c4 is printed as 7f3k9-ab2c4."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def typed_code(typed: str) -> str | None:
    """The code that somebody typed from a paper; None where it cannot be one."""
    code = SEPARATORS.sub("", typed.translate(FULL_WIDTH)).lower()
    return code if len(code) == CODE_LENGTH and set(code) <= set(CODE_ALPHABET) else None
