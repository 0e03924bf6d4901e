"""The parser that knows the domain's words; the plain ones are `registry/parsing.py`."""

import difflib
from collections.abc import Mapping
from enum import StrEnum

from registry.messages import N_, message
from registry.parsing import Cell, CellProblem, folded, half_width
from registry.vocabulary import Term, term

YES_AND_NO = (Term("是", "yes"), Term("否", "no"))


class Choice:
    """A parser for one of an enumeration's words: Chinese, English, or the stored identifier."""

    def __init__(self, kind: type[StrEnum], also: Mapping[str, StrEnum] | None = None) -> None:
        self.terms: tuple[Term, ...] = tuple(term(member) for member in kind)
        self._members = {folded(word): member for word, member in (also or {}).items()}
        for member in kind:
            word = term(member)
            self._members |= {folded(name): member for name in (word.zh, word.en, member.value)}

    def __call__(self, cell: Cell) -> StrEnum:
        words = folded(half_width(cell))
        if words in self._members:
            return self._members[words]
        near = difflib.get_close_matches(words, self._members, n=1)
        if near:
            remedy = message(
                N_("要填的可能是“%(nearest)s”。可填：%(choices)s。"),
                nearest=term(self._members[near[0]]),
                choices=self.terms,
            )
        else:
            remedy = message(N_("可填：%(choices)s。"), choices=self.terms)
        raise CellProblem(message(N_("不在可填的词中。")), remedy)
