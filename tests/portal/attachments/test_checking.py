"""A photo or a scan is taken in, drawn anew; whatever disguises itself is refused, and told why."""

import io
import tracemalloc

import pytest
from PIL import Image, ImageFile

from portal.attachments.checking import LONGEST_SIDE, checked
from registry.attachments.models import MediaType
from registry.errors import InvalidInput
from tests.portal.attachments.pictures import GPS_IFD, PDF, bomb, jpeg, png

ARCHIVE = b"PK\x03\x04" + b"\0" * 30 + b"PK\x05\x06" + b"\0" * 18


def taken(name: str, data: bytes):
    return checked(name, data, most_megabytes=20)


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("签到表.jpg", jpeg(), MediaType.JPEG),
        ("IMG_0001.JPEG", jpeg(), MediaType.JPEG),
        ("截图.png", png(), MediaType.PNG),
        ("灰度.png", png(mode="L"), MediaType.PNG),
        ("索引色.png", png(mode="P"), MediaType.PNG),
        ("扫描件.pdf", PDF, MediaType.PDF),
    ],
)
def test_photos_and_scans_are_taken_in(name: str, data: bytes, media_type: MediaType) -> None:
    assert taken(name, data).media_type is media_type


def test_where_a_photo_was_taken_is_not_kept() -> None:
    sent = jpeg(located=True)
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS_IFD)
    kept = taken("签到表.jpg", sent).data
    assert not dict(Image.open(io.BytesIO(kept)).getexif())
    assert b"PhoneMaker" not in kept


def test_what_hides_behind_the_end_of_a_picture_is_not_kept() -> None:
    kept = taken("签到表.jpg", jpeg() + b"<script>alert(1)</script>" + ARCHIVE).data
    assert b"script" not in kept
    assert b"PK" not in kept


def test_a_large_photo_becomes_smaller_and_stays_readable() -> None:
    kept = Image.open(io.BytesIO(taken("签到表.jpg", jpeg(4000, 3000)).data))
    assert max(kept.size) == LONGEST_SIDE


def test_a_photo_that_was_held_sideways_stands_upright() -> None:
    target, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 40)).save(target, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(taken("签到表.jpg", target.getvalue()).data)).size == (40, 60)


HOSTILE = {
    "nothing": ("空.jpg", b"", "0字节"),
    "60 MB": ("大.jpg", jpeg() + b"\0" * (60 * 1024 * 1024), "60.0MB"),
    "a program": ("照片.jpg", b"MZ\x90\0" + b"\0" * 200, "不一致"),
    "a page": ("截图.png", b"<html><script>alert(1)</script></html>", "不一致"),
    "a picture under another name": ("照片.png", jpeg(), "不一致"),
    "a PDF under another name": ("照片.jpg", PDF, "不一致"),
    "a program by name": ("安装.exe", b"MZ", "jpg"),
    "two extensions": ("照片.jpg.html", jpeg(), "jpg"),
    "a drawing with scripts": ("图.svg", b"<svg onload='alert(1)'/>", "jpg"),
    "no extension": ("照片", jpeg(), "jpg"),
    "a way out": ("../../etc/passwd.jpg", jpeg(), "路径"),
    "a way out on Windows": ("..\\..\\win.jpg", jpeg(), "路径"),
    "an absolute path": ("/etc/照片.jpg", jpeg(), "路径"),
    "a name turned round": ("照片\u202egpj.jpg", jpeg(), "路径"),
    "a name with a line end": ("照片\r\nX-Header: 1.jpg", jpeg(), "路径"),
    "a name without end": ("长" * 200 + ".jpg", jpeg(), "过长"),
    "a cut photo": ("照片.jpg", jpeg(800, 600)[:400], "打不开"),
    "a broken photo": ("照片.jpg", b"\xff\xd8\xff" + b"garbage" * 50, "打不开"),
    "a cut screenshot": ("截图.png", png(800, 600)[:60], "打不开"),
    "a bomb": ("炸弹.png", bomb(), "尺寸过大"),
    "a cut PDF": ("扫描.pdf", PDF[:60], "不完整"),
    "a PDF that is an archive": ("扫描.pdf", PDF[:-6] + ARCHIVE + b"\n%%EOF\n", "夹带"),
    "a PDF that is a page": ("扫描.pdf", PDF.replace(b"trailer", b"<script>1</script>trailer"), "夹带"),
    "a PDF that acts": ("扫描.pdf", PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</JS(1)>>"), "脚本"),
    "a PDF that acts in disguise": ("扫描.pdf", PDF.replace(b"/Catalog", b"/Catalog/J#53(1)"), "脚本"),
    "a PDF that starts programs": ("扫描.pdf", PDF.replace(b"/Catalog", b"/Catalog/A<</S/Launch>>"), "脚本"),
    "a PDF with a file in it": ("扫描.pdf", PDF.replace(b"/Catalog", b"/Catalog/EmbeddedFiles 1"), "脚本"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_and_told_why(what: str) -> None:
    name, data, why = HOSTILE[what]
    with pytest.raises(InvalidInput) as refused:
        taken(name, data)
    assert why in str(refused.value.message)


@pytest.mark.parametrize("what", ["a cut photo", "a cut screenshot"])
def test_a_cut_picture_is_refused_also_where_papers_are_printed(what: str, monkeypatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint does
    name, data, _why = HOSTILE[what]
    with pytest.raises(InvalidInput):
        taken(name, data)


def test_a_bomb_costs_no_memory() -> None:
    sent = bomb()
    assert len(sent) < 100_000
    tracemalloc.start()
    with pytest.raises(InvalidInput):
        taken("炸弹.png", sent)
    assert tracemalloc.get_traced_memory()[1] < 50 * 1024 * 1024
    tracemalloc.stop()


def test_random_bytes_of_a_scanned_picture_are_no_reason_to_refuse_it() -> None:
    stream = b"3 0 obj<</Length 40>>\nstream\n/JS <script> PK\x03\x04 /Launch\nendstream\nendobj\n"
    assert taken("扫描.pdf", PDF.replace(b"trailer", stream + b"trailer"))
