"""What may be attached: jpg, png and pdf, by their extension and by what they are, and nothing that hides in them.

Pictures are drawn anew, so that neither the place where one was taken nor anything behind its end is kept.
"""

import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from PIL import Image, ImageFile, ImageOps

from portal.attachments.pdf_actions import Fault, look_through
from registry.attachments.models import MediaType
from registry.errors import InvalidInput
from registry.messages import N_, message

MEGABYTE = 1024 * 1024
LONGEST_NAME = 120
MOST_PIXELS = 50_000_000
"""More than any phone takes; a small file that unfolds into more is a bomb."""
LONGEST_SIDE = 2400
"""Pixels: a page of A4 stays readable, and a photo of 8 MB becomes one of 600 kB."""
QUALITY = 82
TOO_MANY_PIXELS = N_("图片尺寸过大，展开后会占满内存。请用手机正常拍照后再传。")

EXTENSIONS = {
    ".jpg": MediaType.JPEG,
    ".jpeg": MediaType.JPEG,
    ".png": MediaType.PNG,
    ".pdf": MediaType.PDF,
}
BEGINNINGS = {
    MediaType.JPEG: b"\xff\xd8\xff",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n",
    MediaType.PDF: b"%PDF-",
}
ENDING = b"%%EOF"
ENDING_WITHIN = 1024
FOREIGN = re.compile(rb"<\s*(?:html|script|!doctype|svg|\?php)|PK\x03\x04", re.IGNORECASE)
"""Beginnings of pages, scripts and archives: a file that is two things at once is neither."""
END_OF_ARCHIVE, LOOKED_AT = b"PK\x05\x06", 64 * 1024
FAULTS = {
    Fault.ACTS: N_("PDF里有脚本、附件或自动执行的动作，不能上传。请重新扫描或打印为PDF。"),
    Fault.ENCRYPTED: N_("PDF设有密码或权限限制，无法检查，不能上传。请去掉限制后另存，或重新扫描。"),
    Fault.UNREADABLE: N_("PDF已损坏或结构过于复杂，无法检查，不能上传。请重新扫描或打印为PDF。"),
}

FIELD = "file"
"""What every form calls the box of a file."""


@dataclass(frozen=True)
class Checked:
    """A file that may be kept."""

    file_name: str
    media_type: MediaType
    data: bytes


def checked(name: str, data: bytes, *, most_megabytes: int) -> Checked:
    """The file as it may be kept; InvalidInput says what is wrong with it and what to do."""
    media_type = _type_of_name(name)
    if not data:
        raise _refused(N_("文件是空的（0字节），请重新选择。"))
    if len(data) > most_megabytes * MEGABYTE:
        text = N_("文件有%(size)sMB，超过%(most)sMB的上限。请降低照片分辨率后再传。")
        size = f"{len(data) / MEGABYTE:.1f}"
        raise InvalidInput(FIELD, message(text, size=size, most=most_megabytes))
    if not data.startswith(BEGINNINGS[media_type]):
        raise _refused(N_("文件内容与扩展名不一致，不能上传。请选择照片或扫描件的原文件。"))
    if media_type is MediaType.PDF:
        return Checked(name.strip(), media_type, _sound_pdf(data))
    return Checked(name.strip(), media_type, _drawn_anew(data, media_type))


def _type_of_name(name: str) -> MediaType:
    """By the extension; a name that leads elsewhere is no name."""
    typed = name.strip()
    if not typed or typed in (".", "..") or "/" in typed or "\\" in typed or not typed.isprintable():
        raise _refused(N_("文件名含有路径或无法显示的字符，请改名后再传。"))
    if len(typed) > LONGEST_NAME:
        raise _refused(N_("文件名过长，请改短后再传。"))
    found = EXTENSIONS.get(PurePosixPath(typed).suffix.lower())
    if found is None:
        raise _refused(N_("只能上传jpg、png照片或pdf扫描件。其他格式请先另存为jpg。"))
    return found


def _drawn_anew(data: bytes, media_type: MediaType) -> bytes:
    """The picture alone: no metadata, no thumbnail, nothing behind its end."""
    # The library that prints papers lets cut pictures through, for the whole process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    kind = media_type.name
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=[kind]) as picture:
                _refuse_bomb(picture)
                return _saved(picture, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _refused(TOO_MANY_PIXELS) from None
    except (OSError, ValueError, SyntaxError, EOFError, Warning):
        raise _refused(N_("图片打不开，可能没有传完整。请重新拍照或选择。")) from None


def _saved(picture: Image.Image, kind: str) -> bytes:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is read smaller, which saves memory
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    flat = Image.new("RGB", upright.size, "white")
    shown = upright.convert("RGBA") if upright.mode in ("P", "PA", "LA", "RGBA") else upright.convert("RGB")
    flat.paste(shown, mask=shown if shown.mode == "RGBA" else None)
    target = io.BytesIO()
    options = {"quality": QUALITY} if kind == MediaType.JPEG.name else {"optimize": True}
    flat.save(target, kind, **options)
    return target.getvalue()


def _refuse_bomb(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise Image.DecompressionBombError


def _sound_pdf(data: bytes) -> bytes:
    """A scan: whole, nothing else at the same time, and nothing in it that acts by itself."""
    if ENDING not in data[-ENDING_WITHIN:]:
        raise _refused(N_("PDF不完整，可能没有传完。请重新选择。"))
    looked = look_through(data)
    if looked.fault is not None:
        raise _refused(FAULTS[looked.fault])
    if FOREIGN.search(_outside(data, looked.streams)) or END_OF_ARCHIVE in data[-LOOKED_AT:]:
        raise _refused(N_("PDF里夹带了其他文件或网页，不能上传。请重新扫描。"))
    return data


def _outside(data: bytes, streams: Sequence[tuple[int, int]]) -> bytes:
    """Without what is packed, such as the picture of a scan: among so many random bytes anything can be found."""
    starts, ends = [start for start, _end in streams], [end for _start, end in streams]
    return b"".join(data[end:start] for end, start in zip([0, *ends], [*starts, len(data)], strict=True))


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput(FIELD, message(sentence))
