"""The files of a backup as streams: packed first, then sealed, because nothing that is sealed can be packed."""

import gzip
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from registry.sealing.keyfiles import Key
from registry.sealing.streams import PIECE, SealedReader, SealedWriter

QUICKLY = 1


@contextmanager
def sealed_file(file: Path, key: Key) -> Iterator[BinaryIO]:
    """What is written is packed, sealed and on the disk when the block ends."""
    with file.open("wb") as raw:
        sealed = SealedWriter(raw, key, file.name)
        with gzip.GzipFile(fileobj=cast(BinaryIO, sealed), mode="wb", compresslevel=QUICKLY, mtime=0) as out:
            yield cast(BinaryIO, out)
        sealed.finish()
        raw.flush()
        os.fsync(raw.fileno())


@contextmanager
def opened_file(file: Path, key: Key) -> Iterator[BinaryIO]:
    """What was written; StreamBroken where the file is not as it was written."""
    with file.open("rb") as raw:
        reader = io.BufferedReader(SealedReader(raw, key, file.name), PIECE)
        with gzip.GzipFile(fileobj=reader) as unpacked:
            yield cast(BinaryIO, unpacked)
