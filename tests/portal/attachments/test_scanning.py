"""A virus scanner is asked where one is set up; while it is silent, nothing is let in."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.attachments.scanning import refuse_infected
from registry.errors import InvalidInput


@contextmanager
def scanner(folder: Path, answer: bytes) -> Iterator[tuple[Path, list[bytes]]]:
    """Speaks as clamd does, and keeps what it was sent."""
    path, heard = folder / "clamd.sock", []
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        door.listen()

        def listen() -> None:
            line, _ = door.accept()
            with line, line.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                while size := struct.unpack("!L", stream.read(4))[0]:
                    heard.append(stream.read(size))
                line.sendall(answer)

        listener = threading.Thread(target=listen)
        listener.start()
        yield path, heard
        listener.join()


def test_without_a_scanner_nothing_is_asked() -> None:
    refuse_infected(b"anything", None, field="sheet")


def test_what_the_scanner_finds_clean_is_let_in_whole(tmp_path: Path) -> None:
    data = b"x" * 200_000
    with scanner(tmp_path, b"stream: OK\0") as (path, heard):
        refuse_infected(data, path, field="sheet")
    assert b"".join(heard) == data


@pytest.mark.parametrize("answer", [b"stream: Eicar FOUND\0", b"INSTREAM size limit exceeded. ERROR\0", b""])
def test_anything_but_clean_is_refused(tmp_path: Path, answer: bytes) -> None:
    with (
        scanner(tmp_path, answer) as (path, _heard),
        pytest.raises(InvalidInput) as refused,
    ):
        refuse_infected(b"data", path, field="sheet")
    assert refused.value.field == "sheet"


def test_a_scanner_that_does_not_answer_lets_nothing_in(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        refuse_infected(b"data", tmp_path / "nobody.sock", field="sheet")
