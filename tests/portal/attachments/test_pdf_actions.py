"""Nothing that acts gets in with a PDF, wherever it is put and however it is packed; plain papers and scans do."""

import io
import os
import tracemalloc
import zlib

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from weasyprint import HTML

from portal.attachments.checking import checked
from portal.attachments.pdf_actions import Fault, look_through
from registry.attachments.models import MediaType
from registry.errors import InvalidInput

SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"
MEGABYTES = 8 * 1024 * 1024


def written(*bodies: bytes) -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, rows)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n" % (len(places) + 1, len(data))
    return data + table + trailer + b"%%EOF\n"


def opening(value: bytes, *more: bytes) -> bytes:
    """A PDF that does something when it is opened; what stands elsewhere has the number 4 and up."""
    return written(b"<< /Type /Catalog /Pages 2 0 R /OpenAction " + value + b" >>", PAGES, PAGE, *more)


def packed(content: bytes, entries: bytes = b"/N 1 /First 4 /Filter /FlateDecode") -> bytes:
    """An object stream."""
    data = zlib.compress(content) if b"Flate" in entries else content
    return b"<< /Type /ObjStm %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


HIDING = {
    "in the open": opening(b"4 0 R", SCRIPT),
    "in the catalogue": opening(SCRIPT),
    "between comments that look like a stream": opening(b"4 0 R", b"% stream\n" + SCRIPT + b"\n% endstream"),
    "in an object stream": opening(b"6 0 R", packed(b"6 0 " + SCRIPT)),
    "in an object stream without its type": opening(b"6 0 R", packed(b"6 0 " + SCRIPT).replace(b"/ObjStm", b"/X")),
    "in an object stream behind a string": opening(
        b"6 0 R", packed(b"6 1 (" + SCRIPT.replace(b"(app.alert\\(1\\))", b"7 0 R") + b"\\)")
    ),
    "in a string that a table may point into": opening(b"4 0 R", b"<< /T (4 0 obj << /S /JavaScript >> endobj) >>"),
    "behind a comment in the number": opening(b"4 0 R", b"1").replace(b"4 0 obj\n1", b"4 %x\n0 %y\nobj\n" + SCRIPT),
    "in a stream that a table may point into": opening(
        b"4 0 R", b"<< /Length 60 >>\nstream\n9 0 obj " + SCRIPT + b" endobj\nendstream"
    ),
    "by a name in disguise": opening(b"4 0 R", b"<< /S /#4a#61vaScript >>"),
    "behind a blank that is none elsewhere": opening(b"4 0 R", b"<< /S/JavaScript\x00/JS\x00(1) >>"),
    "in an array": opening(b"4 0 R", b"[ " + SCRIPT + b" ]"),
    "behind a length that is a lie": opening(
        b"4 0 R", b"<< /Length 9999 >>\nstream\nx\nendstream endobj 5 0 obj" + SCRIPT
    ),
    "when a page is turned": written(b"<< /Pages 2 0 R >>", PAGES, PAGE.replace(b"/Type", b"/AA << /O 9 0 R >> /Type")),
    "as a program": opening(b"4 0 R", b"<< /S /Launch /F (calc.exe) >>"),
    "as a file": opening(b"null", b"<< /Type /Filespec /F (a.exe) /EF << /F 9 0 R >> >>"),
    "as rich media": opening(b"null", b"<< /Subtype /RichMedia >>"),
    "as an address that opens by itself": opening(b"<< /S /URI /URI (http://example.com) >>"),
    "as an address that opens by itself, elsewhere": opening(b"4 0 R", b"<< /S /URI /URI (http://example.com) >>"),
    "as an action that is nowhere": opening(b"99 0 R"),
}  # fmt: skip


@pytest.mark.parametrize("where", HIDING)
def test_what_acts_is_found_wherever_it_hides(where: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked("扫描.pdf", HIDING[where], most_megabytes=8)
    assert "自动执行" in str(refused.value.message)


OPAQUE = {
    "packed in another way": packed(b"6 0 " + SCRIPT, b"/N 1 /First 4 /Filter /ASCIIHexDecode"),
    "not packed": packed(b"6 0 " + SCRIPT, b"/N 1 /First 4"),
    "packed twice": packed(b"6 0 " + SCRIPT, b"/N 1 /First 4 /Filter [/ASCIIHexDecode /FlateDecode]"),
    "packed with a predictor": packed(
        b"6 0 " + SCRIPT, b"/N 1 /First 4 /Filter /FlateDecode /DecodeParms 9 0 R"
    ),
    "packed and cut": packed(b"6 0 " + SCRIPT).replace(zlib.compress(b"6 0 " + SCRIPT)[-9:], b""),
    "beginning twice": packed(b"6 0 " + SCRIPT, b"/N 1 /First 4 /First 0 /Filter /FlateDecode"),
    "with a head of words": packed(b"6 % 0\n0 " + SCRIPT, b"/N 1 /First 9 /Filter /FlateDecode"),
}


@pytest.mark.parametrize("how", OPAQUE)
def test_what_cannot_be_read_is_refused(how: str) -> None:
    assert look_through(opening(b"6 0 R", OPAQUE[how])).fault is Fault.UNREADABLE


def test_a_locked_pdf_is_refused_and_told_so() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("", "owner")
    target = io.BytesIO()
    writer.write(target)

    with pytest.raises(InvalidInput) as refused:
        checked("扫描.pdf", target.getvalue(), most_megabytes=8)
    assert "密码" in str(refused.value.message)


@pytest.mark.parametrize("hidden", [b"<html><script>1</script>", b"PK\x03\x04"])
def test_a_page_or_an_archive_hides_in_no_comment_that_looks_like_a_stream(hidden: bytes) -> None:
    data = opening(b"null", b"% stream\n% " + hidden + b"\n% endstream\n<< >>")
    with pytest.raises(InvalidInput) as refused:
        checked("扫描.pdf", data, most_megabytes=8)
    assert "夹带" in str(refused.value.message)


def scan() -> bytes:
    """Pages as a scanner makes them: two pictures of noise, in which any bytes turn up."""
    pages = [Image.frombytes("RGB", (1000, 1400), os.urandom(1000 * 1400 * 3)) for _ in range(2)]
    target = io.BytesIO()
    pages[0].save(target, "PDF", save_all=True, append_images=pages[1:])
    return target.getvalue()


def printed() -> bytes:
    """A page as a browser or an office prints it, its objects packed, with a link."""
    return HTML(
        string="<h1>签到表</h1><p><a href='https://example.com'>网址</a> /JavaScript (x)</p>"
    ).write_pdf()


PLAIN = {
    "a scan": scan(),
    "a printed page": printed(),
    "one that opens at a page": opening(b"[3 0 R /Fit]"),
    "one that goes to a page": opening(b"<< /S /GoTo /D [3 0 R /Fit] >>"),
    "one that goes to a page named elsewhere": opening(b"4 0 R", b"<< /S /GoTo /D [3 0 R /Fit] >>"),
    "one that opens at a page named in an object stream": opening(b"6 0 R", packed(b"6 0 [3 0 R /Fit]")),
    "one with a link": opening(b"null", b"<< /Subtype /Link /A << /S /URI /URI (http://example.com) >> >>"),
    "one that writes of scripts": opening(b"null", b"<< /Title (/JavaScript \\(/JS\\) and /Launch) >> % /JS"),
}


@pytest.mark.parametrize("what", PLAIN)
def test_plain_papers_are_taken_in_as_they_are(what: str) -> None:
    kept = checked("扫描.pdf", PLAIN[what], most_megabytes=8)
    assert (kept.media_type, kept.data) == (MediaType.PDF, PLAIN[what])


def test_every_stream_that_another_reader_finds_is_known_as_one() -> None:
    data = printed()
    reader = PdfReader(io.BytesIO(data), strict=True)
    pictures = [
        one for number in range(1, len(reader.xref[0]) + 1) if (one := reader.get_object(number)) is not None
    ]

    assert len(look_through(data).streams) >= sum(hasattr(one, "get_data") for one in pictures)


def object_stream_of(content: bytes) -> bytes:
    return opening(b"null", packed(content, b"/N 1 /First 0 /Filter /FlateDecode"))


BOMBS = {
    "names of one letter": b"1 0 obj <<" + b"/A" * (MEGABYTES // 2),
    "objects": b"obj<<" * (MEGABYTES // 5),
    "streams": b"obj<<>>stream\n" * (MEGABYTES // 14),
    "nothing, packed": object_stream_of(b"\0" * (256 * 1024 * 1024)),
    "packed names": object_stream_of(b"/A" * (32 * 1024 * 1024)),
    "packed streams that are none": b"5 0 obj<</N 1/First 1/Filter/FlateDecode>>stream\n" * (MEGABYTES // 50),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_file_made_to_keep_somebody_busy_is_refused_soon(kind: str) -> None:
    assert look_through(BOMBS[kind]).fault is Fault.UNREADABLE


def test_what_unfolds_costs_no_memory() -> None:
    tracemalloc.start()
    look_through(BOMBS["nothing, packed"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 * 1024 * 1024
