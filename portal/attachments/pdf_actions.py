"""Whether anything in a PDF acts by itself: every object is read, also those that are packed or that no table names.

A viewer finds objects through a table of contents, and mends a broken table in its own way. Whoever asks one reader
what a file holds therefore asks for one of several files; here whatever may be taken for an object is read as one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from portal.attachments.pdf_tokens import SPACE, BrokenStream, Budget, Token, TooMuchWork, tokens, unpacked

Names = Sequence[bytes]

BEGINNING = re.compile(rb"(?<![A-Za-z])(?:obj|trailer)")
NUMBER = re.compile(rb"(\d{1,10})[" + SPACE + rb"]+\d{1,10}[" + SPACE + rb"]*\Z")
OPENINGS = (b"<<", b"[")
"""Of what can hold names with a meaning; a bare number, name or string does nothing."""
STREAM, OVER = b"stream", (b"endobj", b"stream", b"startxref")
END_OF_STREAM = b"endstream"
LINE_END = re.compile(rb"[ \t]*(?:\r\n|\n|\r)?")
MOST_WORK = 12 * 1024 * 1024
"""Bytes: a second or two. The objects of a scan are some kilobytes; its pictures are not read."""
OBJECT_COST = 64
"""What may begin an object costs as much as so many bytes, however soon it turns out to be none."""
PACKED = ([b"/FlateDecode"], [b"[", b"/FlateDecode", b"]"])
DEPTH = {b"<<": 1, b"[": 1, b">>": -1, b"]": -1}

ACTIVE = frozenset(
    b"/JS /JavaScript /AA /Launch /EmbeddedFile /EmbeddedFiles /EF /FileAttachment /RichMedia /RichMediaExecute /XFA"
    b" /SubmitForm /ImportData /GoToR /GoToE /Rendition /Movie /Sound /3D".split()
)
LONGEST_NUMBER = 10
UNNAMED = b"-"
"""No object is called so: a trailer, and what is read a second time from end to end, are nobody's aim."""
ENCRYPTED, OPENED, GO_TO = b"/Encrypt", b"/OpenAction", b"/GoTo"


class Fault(Enum):
    """Why a PDF is not taken in."""

    ACTS = auto()
    ENCRYPTED = auto()
    """Nobody can say what is in it."""
    UNREADABLE = auto()
    """Packed in a way that no scanner packs, or so much that it is made to keep somebody busy."""


@dataclass(frozen=True)
class Read:
    """One object: its tokens up to its end or to its stream, and where the stream begins."""

    number: bytes | None
    words: Names
    stream_at: int | None = None


@dataclass(frozen=True)
class Looked:
    """What a look at a whole file found."""

    fault: Fault | None
    streams: Sequence[tuple[int, int]] = ()
    """From the first byte of each stream to behind its last, in order, none inside another."""


def look_through(data: bytes) -> Looked:
    """Reads every object of a PDF, within bounds of time and memory."""
    budget = Budget(MOST_WORK)
    try:
        found = list(_objects(data, budget))
        if any(ENCRYPTED in one.words for one in found):
            return Looked(Fault.ENCRYPTED)
        packed = [one for read in found if _holds_objects(read) for one in _unpacked(data, read, budget)]
    except (TooMuchWork, BrokenStream):
        return Looked(Fault.UNREADABLE)
    return Looked(Fault.ACTS if _acts([*found, *packed]) else None, _streams(data, found))


def _objects(data: bytes, budget: Budget) -> Iterator[Read]:
    for beginning in BEGINNING.finditer(data):
        budget.spend(OBJECT_COST)
        words, last = _words(data, beginning.end(), budget)
        if words:
            number = _number_before(data, beginning.start()) if beginning[0] == b"obj" else UNNAMED
            yield Read(number, words, _stream_begins(data, last) if last else None)


def _words(data: bytes, start: int, budget: Budget) -> tuple[Names, Token | None]:
    """Up to the word that ends an object, and that word; none of what begins as no object with names does."""
    words: list[bytes] = []
    for token in tokens(data, start, budget):
        if not words and token.text not in OPENINGS:
            return (), None
        if token.text in OVER:
            return words, token
        words.append(token.text)
    return words, None


def _number_before(data: bytes, position: int) -> bytes | None:
    found = NUMBER.search(data[max(0, position - 32) : position])
    return found[1].lstrip(b"0") if found else None


def _stream_begins(data: bytes, last: Token) -> int | None:
    line_end = LINE_END.match(data, last.end) if last.text == STREAM else None
    return line_end.end() if line_end else None


def _holds_objects(read: Read) -> bool:
    """Viewers go by these two entries, not all of them by the type."""
    return read.stream_at is not None and b"/First" in read.words and b"/N" in read.words


def _unpacked(data: bytes, read: Read, budget: Budget) -> Iterator[Read]:
    """The objects of an object stream: from each place that its head names, and from one end to the other."""
    content = unpacked(data, _plainly_packed_at(read), budget)
    first = _first_object_at(read.words)
    head = content[:first].split()
    if not all(word.isdigit() and len(word) < LONGEST_NUMBER for word in head):
        raise BrokenStream
    for number, offset in zip(head[::2], head[1::2], strict=False):
        budget.spend(OBJECT_COST)
        yield Read(number, _balanced(content, first + int(offset), budget))
    yield Read(UNNAMED, [token.text for token in tokens(content, first, budget)])


def _plainly_packed_at(read: Read) -> int:
    """By zlib alone, as every writer packs objects: anything else is unpacked by each viewer in its own way."""
    once = all(read.words.count(key) == 1 for key in (b"/Filter", b"/First", b"/N"))
    after = read.words.index(b"/Filter") + 1 if once else 0
    is_plain = any(list(read.words[after : after + len(packed)]) == packed for packed in PACKED)
    if read.stream_at is None or not once or not is_plain or b"/DecodeParms" in read.words:
        raise BrokenStream
    return read.stream_at


def _first_object_at(words: Names) -> int:
    value = words[words.index(b"/First") + 1]
    if not value.isdigit() or len(value) >= LONGEST_NUMBER:
        raise BrokenStream
    return int(value)


def _balanced(content: bytes, start: int, budget: Budget) -> Names:
    """The words of a packed object, which ends where its brackets close."""
    words, depth = [], 0
    for token in tokens(content, start, budget):
        words.append(token.text)
        depth += DEPTH.get(token.text, 0)
        if depth <= 0:
            break
    return words


def _acts(objects: Sequence[Read]) -> bool:
    return any(not ACTIVE.isdisjoint(one.words) for one in objects) or any(
        not _is_a_page(one.words[place + 1 :], objects)
        for one in objects
        for place, word in enumerate(one.words)
        if word == OPENED
    )


def _is_a_page(value: Names, objects: Sequence[Read]) -> bool:
    """Opening at a page is no action; the page may also be named in an object elsewhere."""
    if value[:1] in ([b"["], [b"null"]):
        return True
    if value[:1] == [b"<<"]:
        return GO_TO in value[: value.index(b">>") if b">>" in value else None]
    aims = [one for one in objects if one.number is None or [one.number] == value[:1]]
    return bool(aims) and all(one.number and (one.words[:1] == [b"["] or GO_TO in one.words) for one in aims)


def _streams(data: bytes, objects: Sequence[Read]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start in sorted(one.stream_at for one in objects if one.stream_at is not None):
        if found and start < found[-1][1]:
            continue  # something in a stream that looks like an object
        end = data.find(END_OF_STREAM, start)
        found.append((start, end if end >= 0 else len(data)))
    return found
