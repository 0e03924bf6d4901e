"""Files as phones and scanners make them, and as nobody should send them."""

import io
import struct
import zlib

from PIL import Image

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
GPS_IFD = 0x8825


def jpeg(width: int = 60, height: int = 40, *, located: bool = False) -> bytes:
    """A photo; `located` says where it was taken."""
    target, options = io.BytesIO(), {}
    if located:
        exif = Image.Exif()
        exif[0x010F] = "PhoneMaker"
        exif.get_ifd(GPS_IFD)[2] = (31.0, 13.0, 49.0)
        options["exif"] = exif
    Image.new("RGB", (width, height), "grey").save(target, "JPEG", **options)
    return target.getvalue()


def png(width: int = 60, height: int = 40, mode: str = "RGBA") -> bytes:
    """A screenshot."""
    target = io.BytesIO()
    Image.new(mode, (width, height)).save(target, "PNG")
    return target.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of some kilobytes that unfolds into gigabytes."""
    rows = zlib.compressobj(9)
    line = b"\0" * (side + 1)
    packed = b"".join(rows.compress(line) for _ in range(200)) + rows.flush()
    header = struct.pack("!LLBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!L", len(data)) + kind + data + struct.pack("!L", zlib.crc32(kind + data))
        for kind, data in chunks
    )
