"""The blueprint with all its pages."""

from portal.dossiers.lists import bp
from portal.dossiers.remarks import answer, raise_remark, show_remark, withdraw
from portal.dossiers.routes import check, correct, find_different, fundraising, show

__all__ = [
    "answer",
    "bp",
    "check",
    "correct",
    "find_different",
    "fundraising",
    "raise_remark",
    "show",
    "show_remark",
    "withdraw",
]
