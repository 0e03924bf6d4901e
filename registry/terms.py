"""A word of the domain in both languages; the vocabulary has them all."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One idea in the two languages of the product."""

    zh: str
    en: str
