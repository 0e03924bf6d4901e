"""The words of `registry/directory` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.directory.places import PlaceState
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (PlaceState.OPEN, Term("正常服务", "open")),
    (PlaceState.NOT_YET, Term("尚未开放", "not open yet")),
    (PlaceState.CLOSED, Term("已停止服务", "closed")),
    (PlaceState.LEFT, Term("已停止服务", "no longer listed")),
)
