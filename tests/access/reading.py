"""What stands in an answer, whatever its form: pages, parts of pages, JSON, CSV, workbooks, papers, maps."""

import gzip
import html
import json
from io import BytesIO
from zipfile import ZipFile

from pypdf import PdfReader
from werkzeug.test import TestResponse

PICTURES = (".png", ".jpeg", ".jpg", ".emf")


def text_of_answer(answer: TestResponse) -> str:
    """Everything that somebody could read out of an answer, its headers included."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "Set-Cookie")
    return f"{headers}\n{text_of_bytes(answer.data, answer.mimetype or '')}"


def text_of_bytes(data: bytes, kind: str) -> str:
    """The words in a file of this media type."""
    if data.startswith(b"\x1f\x8b"):
        data = gzip.decompress(data)
    if data.startswith(b"PK\x03\x04"):
        return text_of_package(data)
    if kind == "application/pdf":
        reader = PdfReader(BytesIO(data))
        pages = "\n".join(page.extract_text() for page in reader.pages)
        return f"{pages}\n{reader.metadata}"
    text = data.decode("utf-8", errors="replace")
    if kind == "application/json" and text:
        return json.dumps(json.loads(text), ensure_ascii=False)
    return html.unescape(text)


def text_of_package(data: bytes) -> str:
    """Every part of a workbook or a text document, hidden ones too."""
    with ZipFile(BytesIO(data)) as package:
        parts = (package.read(name) for name in package.namelist() if not name.endswith(PICTURES))
        return "\n".join(html.unescape(part.decode("utf-8", errors="replace")) for part in parts)
