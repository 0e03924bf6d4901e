"""The check address as a QR: as a drawing for PDF, as a bitmap for Word."""

from io import BytesIO
from typing import Any

SCALE = 8
"""Pixels of one module in a bitmap."""


def qr_svg(url: str) -> str:
    """Black modules with the quiet zone of ISO/IEC 18004."""
    return _saved(url, kind="svg", xmldecl=False, svgns=True).decode()


def qr_png(url: str) -> bytes:
    """The same for a word processor."""
    return _saved(url, kind="png", scale=SCALE)


def _saved(url: str, **options: Any) -> bytes:
    import segno

    drawn = BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, **options)
    return drawn.getvalue()
