"""Opens an .xlsx package without trusting it: what it unpacks to is counted while it unpacks."""

import html
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

MAX_ENTRIES = 1_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
CHUNK = 1024 * 1024
PACKED_CHUNK = 64 * 1024

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"

_LOCAL_HEADER = struct.Struct("<26xHH")
_TAG = re.compile(r"<(?:\w+:)?(?:sheet|Relationship)\s([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')


class PackageBroken(Exception):
    """Not a package, or cut off."""


class PackageTooLarge(Exception):
    """Holds or unpacks to more than a workbook may."""


@dataclass(frozen=True)
class SheetPart:
    """A sheet and the entry that holds it."""

    name: str
    part: str
    is_visible: bool


@dataclass(frozen=True)
class Package:
    """A package whose stated sizes are within the limits."""

    data: bytes
    entries: dict[str, zipfile.ZipInfo]

    @classmethod
    def open(cls, data: bytes) -> "Package":
        """Raises PackageBroken or PackageTooLarge."""
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                infos = archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise PackageBroken from error
        _check_stated_sizes(infos)
        return cls(data, {info.filename: info for info in infos})

    def chunks(self, name: str) -> Iterator[bytes]:
        """An entry's bytes as they unpack; raises PackageBroken where it is missing, cut off or too large."""
        if name not in self.entries:
            raise PackageBroken
        info = self.entries[name]
        packed = _packed(self.data, info)
        if info.compress_type == zipfile.ZIP_STORED:
            yield packed
        else:
            yield from _inflated(packed, info.file_size)

    def verify(self, *, but: str) -> None:
        """Unpack every entry but one that is unpacked elsewhere, so that no reader meets more than was counted."""
        for name in self.entries.keys() - {but}:
            for _chunk in self.chunks(name):
                pass

    def sheets(self) -> list[SheetPart]:
        """The sheets with cells, in the order of the workbook."""
        targets = {facts.get("Id", ""): facts.get("Target", "") for facts in self._tags(RELATIONS)}
        sheets = [
            SheetPart(
                facts["name"],
                _part(targets.get(facts.get("r:id", ""), "")),
                facts.get("state", "visible") == "visible",
            )
            for facts in self._tags(WORKBOOK)
            if "name" in facts
        ]
        return [sheet for sheet in sheets if sheet.part.startswith("xl/worksheets/")]

    def _tags(self, name: str) -> Iterator[dict[str, str]]:
        text = b"".join(self.chunks(name)).decode("utf-8", "replace")
        for attributes in _TAG.findall(text):
            yield {key: html.unescape(value) for key, value in _ATTRIBUTE.findall(attributes)}


def _check_stated_sizes(infos: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if len(infos) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise PackageTooLarge
    readable = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(info.flag_bits & 1 or info.compress_type not in readable for info in infos):
        raise PackageBroken


def _packed(data: bytes, info: zipfile.ZipInfo) -> bytes:
    """The bytes of an entry as they are stored; the local header has its own lengths of name and extra field."""
    header = data[info.header_offset : info.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size:
        raise PackageBroken
    name_length, extra_length = _LOCAL_HEADER.unpack(header)
    start = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    return data[start : start + info.compress_size]


def _inflated(packed: bytes, stated: int) -> Iterator[bytes]:
    """Stops at the stated size: the library would go on for as long as the stream does."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    total = 0
    for start in range(0, len(packed), PACKED_CHUNK):
        rest = packed[start : start + PACKED_CHUNK]
        while rest and not stream.eof:
            chunk = _decompressed(stream, rest)
            rest = stream.unconsumed_tail
            total += len(chunk)
            if total > stated:
                raise PackageBroken
            yield chunk
    if not stream.eof:
        raise PackageBroken


def _decompressed(stream: "zlib._Decompress", packed: bytes) -> bytes:
    try:
        return stream.decompress(packed, CHUNK)
    except zlib.error as error:
        raise PackageBroken from error


def _part(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
