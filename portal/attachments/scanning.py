"""Asks a virus scanner, where one is set up (`PORTAL_CLAMD_SOCKET`); a scanner that does not answer lets nothing in."""

import logging
import socket
import struct
from pathlib import Path

from registry.errors import InvalidInput
from registry.messages import N_, message

CHUNK = 64 * 1024
SECONDS = 30
LONGEST_ANSWER = 4096
CLEAN = b": OK"

logger = logging.getLogger(__name__)


def refuse_infected(data: bytes, scanner: Path | None, *, field: str) -> None:
    """Nothing where no scanner is set up or it finds nothing; else InvalidInput."""
    if scanner is None:
        return
    try:
        answer = _asked(data, scanner)
    except OSError as error:
        logger.warning("the virus scanner does not answer", extra={"error": str(error)})
        text = N_("病毒检查服务没有应答，现在不能上传文件。可以先登记，稍后再补传。")
        raise InvalidInput(field, message(text)) from None
    if not answer.endswith(CLEAN):
        logger.warning("the virus scanner refused a file", extra={"answer": answer.decode(errors="replace")})
        raise InvalidInput(field, message(N_("病毒检查没有通过，不能上传这个文件。")))


def _asked(data: bytes, scanner: Path) -> bytes:
    """The command INSTREAM: pieces with their length before them, an empty one at the end."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(SECONDS)
        line.connect(str(scanner))
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), CHUNK):
            piece = data[start : start + CHUNK]
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
        answer = line.recv(LONGEST_ANSWER)
    return answer.rstrip(b"\0\n ")
