"""The tokens of a PDF (ISO 32000-1, 7.2 and 7.3): names as they are meant, strings and comments left out.

Nothing here trusts a table of contents, a length or a type: what cannot be read is skipped as a viewer would skip it.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

SPACE = rb"\x00\t\n\x0c\r "
TOKEN = re.compile(
    rb"(?P<skipped>[" + SPACE + rb"]+|%[^\r\n]*|<(?!<)[^>]*>?)"
    rb"|(?P<mark><<|>>|[\[\]{}>)])"
    rb"|(?P<text>\()"
    rb"|(?P<word>/?[^" + SPACE + rb"()<>\[\]{}/%]*)"
)
BRACKET = re.compile(rb"\\.?|[()]", re.DOTALL)
ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")
CHUNK = 64 * 1024
TOKEN_COST = 8
"""A token costs as much as so many bytes: a file of one-letter names is as slow to read as a longer one of words."""


class TooMuchWork(Exception):
    """The file asks for more reading than any scan does."""


class BrokenStream(Exception):
    """What is packed does not end by itself, or is not packed as it says."""


@dataclass
class Budget:
    """How many bytes may still be read, packed ones once more when they are unpacked."""

    left: int

    def spend(self, count: int) -> None:
        """TooMuchWork where nothing is left."""
        self.left -= count
        if self.left < 0:
            raise TooMuchWork


@dataclass(frozen=True)
class Token:
    """A name with its escapes resolved, a mark, a number or a keyword; `end` is the first byte behind it."""

    text: bytes
    end: int


def tokens(data: bytes, start: int, budget: Budget) -> Iterator[Token]:
    """From a position to the end of the data; whoever has read enough stops asking."""
    position = start
    while position < len(data) and (found := TOKEN.match(data, position)):
        end = _end_of_text(data, found.end(), budget) if found["text"] else found.end()
        budget.spend(end - position + TOKEN_COST)
        position = end
        if found["mark"] or found["word"]:
            yield Token(_meant(found[0]), end)


def unpacked(data: bytes, start: int, budget: Budget) -> bytes:
    """What a zlib stream holds that begins here: it ends by itself, whatever length is written beside it."""
    unpacking, parts = zlib.decompressobj(), []
    while not unpacking.eof:
        packed = unpacking.unconsumed_tail or data[start : start + CHUNK]
        start += 0 if unpacking.unconsumed_tail else CHUNK
        if not packed:
            raise BrokenStream
        try:
            parts.append(unpacking.decompress(packed, CHUNK))
        except zlib.error:
            raise BrokenStream from None
        budget.spend(len(parts[-1]) + 1)
    return b"".join(parts)


def _meant(word: bytes) -> bytes:
    """`/J#53` is `/JS`."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), word) if b"#" in word else word


def _end_of_text(data: bytes, start: int, budget: Budget) -> int:
    """Behind the bracket that closes a string; the end of the data where none does."""
    depth = 1
    for found in BRACKET.finditer(data, start):
        budget.spend(TOKEN_COST)
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(data)
