"""The words of `registry/divisions` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.divisions.codes import Level
from registry.divisions.models import ChangeKind, DivisionKind
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (Level.PROVINCE, Term("省级", "province")),
    (Level.CITY, Term("市级", "city")),
    (Level.DISTRICT, Term("区县", "district")),
    (Level.TOWNSHIP, Term("街镇", "street or town")),
    (Level.COMMUNITY, Term("村居", "community")),
    (Level.SITE, Term("服务场所", "site")),
    (DivisionKind.PROVINCE, Term("省（自治区、直辖市）", "province")),
    (DivisionKind.CITY, Term("市（州）", "city")),
    (DivisionKind.DISTRICT, Term("区（县、市）", "district")),
    (DivisionKind.SUBDISTRICT, Term("街道", "subdistrict")),
    (DivisionKind.TOWN, Term("镇", "town")),
    (DivisionKind.TOWNSHIP, Term("乡", "township")),
    (DivisionKind.COMMUNITY, Term("村居", "community")),
    (DivisionKind.FUNCTION_ZONE, Term("功能区", "function zone")),
    (DivisionKind.PSEUDO, Term("统计用区划", "statistical unit")),
    (ChangeKind.MERGE, Term("合并", "merge")),
    (ChangeKind.SPLIT, Term("拆分", "split")),
    (ChangeKind.RENAME, Term("更名", "rename")),
    (ChangeKind.MOVE, Term("划转", "move")),
)
