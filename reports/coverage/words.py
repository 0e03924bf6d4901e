"""What a map's script and its legend say, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from registry.messages import N_, Gettext
from registry.organisations.models import Precision, SiteKind
from registry.vocabulary import term
from reports.coverage.shades import Shade
from reports.figures.shares import Verdict

OUTLINED = N_("这一区划没有边界数据，图上的轮廓是%(name)s的边界。")
"""A street's map shows the district around it, and says so."""


def script_words(gettext: Gettext) -> dict[str, str]:
    """The sentences of the map's script; it fills the {places} itself."""
    return {
        "map": gettext(N_("地图，可用方向键移动、加减号缩放")),
        "area": gettext(N_("{name}：{share}，{verdict}，{part} / {whole} 人")),
        "plain": "{name}",
        "hatched": gettext(N_("{name}：{words}")),
        "site": gettext(N_("{name}（{kind}，{precision}）")),
        "example": gettext(N_("示例")),
        "in": gettext(N_("放大")),
        "out": gettext(N_("缩小")),
        "reset": gettext(N_("复位")),
        "left": gettext(N_("向左移动")),
        "right": gettext(N_("向右移动")),
        "up": gettext(N_("向上移动")),
        "down": gettext(N_("向下移动")),
        "failed": gettext(N_("地图数据没有取到，请刷新本页，或改看表格。")),
    }


def words_of_signs(gettext: Gettext, locale: str) -> Mapping[Any, str]:
    """Kinds, precisions, hatches and verdicts; `locale` is zh or en."""
    return {
        **{word: getattr(term(word), locale) for word in (*SiteKind, *Precision)},
        Shade.NOBODY: gettext(N_("有入库机构，无计入人员")),
        Shade.BLANK: gettext(N_("没有入库机构")),
        Verdict.MET: gettext(N_("达标")),
        Verdict.NOT_MET: gettext(N_("未达标")),
        Verdict.NOT_APPLICABLE: gettext(N_("不适用")),
        Verdict.NO_TARGET: gettext(N_("无目标")),
    }
