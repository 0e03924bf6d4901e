"""Whether typed pinyin stands in a reading with at most one slip: a letter too many, one missing, or another one."""

LEAST_LETTERS = 5
"""Shorter ones with a slip match nearly everything."""


def halves(typed: str) -> tuple[str, str]:
    """One slip spares one half: whatever matches holds at least one of the two."""
    middle = len(typed) // 2
    return typed[:middle], typed[middle:]


def holds_with_a_slip(text: str, typed: str) -> bool:
    """Whether some part of the text differs from what was typed in one letter or none."""
    row = list(range(len(typed) + 1))
    for letter in text:
        row = _next_row(row, letter, typed)
        if row[-1] <= 1:
            return True
    return row[-1] <= 1


def _next_row(row: list[int], letter: str, typed: str) -> list[int]:
    """Sellers' distances: a match may begin at every letter of the text."""
    following = [0]
    for place, wanted in enumerate(typed, start=1):
        change = row[place - 1] + (letter != wanted)
        following.append(min(change, row[place] + 1, following[place - 1] + 1))
    return following
