"""The pages of the public as files: asked of the application one by one, from page to page, and linked to one another.

What is written depends on the register and the day alone. No form is among the files, and nothing that a page of the
public does not show, because nothing else is asked for.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.preferences import LANGUAGE_PARAMETER, TEXT_PARAMETER
from portal.public.frame import COPY

START = "/public/"
MANIFEST = "manifest.json"
LINK = re.compile(r'(?P<name>href|src)="(?P<target>/[^"]*)"')
FOLDERS = {("", ""): "", ("en", ""): "en", ("", "large"): "large", ("en", "large"): "en-large"}
"""By language and size of text."""
HTML = "text/html"


class CannotCopy(Exception):
    """A page did not answer as it should, or the folder cannot be put in place; nothing was changed."""


@dataclass(frozen=True)
class Copied:
    """What was written."""

    files: int
    bytes: int


def export_public(app: Flask, folder: Path) -> Copied:
    """Writes the site beside the folder and puts it in place at once; the former copy is gone after that."""
    refuse_strange_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        files = dict(copied_files(app))
        files[MANIFEST] = manifest_of(files)
        for name, content in files.items():
            file = beside / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        beside.chmod(0o755)
        _swap(beside, folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return Copied(len(files), sum(map(len, files.values())))


def refuse_strange_folder(folder: Path) -> None:
    """CannotCopy for a folder that holds anything but a copy: it would be replaced whole."""
    if folder.exists() and not folder.is_dir():
        raise CannotCopy(f"{folder} is a file; name a folder.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise CannotCopy(
            f"{folder} holds other files, and would be replaced whole; name an empty or a new folder."
        )


def copied_files(app: Flask) -> Iterator[tuple[str, bytes]]:
    """Each file with its content, from the first page on."""
    client = app.test_client()
    waiting, known = [START], {START}
    while waiting:
        address = waiting.pop()
        answer = _asked(client, address)
        content = answer.get_data()
        answer.close()
        if answer.mimetype == HTML:
            page, found = _linked(content.decode(), address)
            content = page.encode()
            new = sorted(set(found) - known)
            known.update(new)
            waiting.extend(new)
        yield file_of(address), content


def manifest_of(files: dict[str, bytes]) -> bytes:
    """Every file with its SHA-256, by name: whoever carries the copy over can see that it arrived whole."""
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    return (json.dumps({"files": listed}, ensure_ascii=False, indent=1) + "\n").encode()


def file_of(address: str) -> str:
    """Where the answer of an address lies in the copy."""
    url = urlsplit(address)
    if url.path.startswith("/static/"):
        return "assets/" + url.path.split("/", 3)[3]
    if url.path.endswith(".pdf"):
        return url.path.removeprefix(START)
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    folder = FOLDERS[asked.get(LANGUAGE_PARAMETER, ""), asked.get(TEXT_PARAMETER, "")]
    page = url.path.removeprefix(START) or "index"
    return str(PurePosixPath(folder, f"{page}.html"))


def _asked(client: FlaskClient, address: str) -> TestResponse:
    answer = client.get(address, environ_overrides={COPY: True})
    if answer.status_code != 200:
        raise CannotCopy(f"{address} answered {answer.status_code}.")
    return answer


def _linked(page: str, address: str) -> tuple[str, list[str]]:
    """The page with links from file to file, and the addresses that it leads to."""
    here = PurePosixPath(file_of(address)).parent
    found: list[str] = []

    def relative(match: re.Match[str]) -> str:
        target, _, fragment = unescape(match["target"]).partition("#")
        target = _without_subject(target)
        found.append(target)
        way = os.path.relpath(file_of(target), here)
        return f'{match["name"]}="{escape(way + (f"#{fragment}" if fragment else ""))}"'

    return LINK.sub(relative, page), found


def _without_subject(address: str) -> str:
    """In the copy the page that takes questions only says where to turn: one for all places."""
    url = urlsplit(address)
    kept = [
        f"{name}={values[0]}"
        for name, values in parse_qs(url.query).items()
        if name in (LANGUAGE_PARAMETER, TEXT_PARAMETER)
    ]
    return url.path + (f"?{'&'.join(kept)}" if kept else "")


def _swap(beside: Path, folder: Path) -> None:
    """A reader meets the old copy or the new one: two renames, and the old one back where the second fails."""
    former = folder.with_name(f".{folder.name}.former")
    shutil.rmtree(former, ignore_errors=True)
    has_former = folder.exists()
    if has_former:
        folder.rename(former)
    try:
        beside.rename(folder)
    except OSError:
        if has_former:
            former.rename(folder)
        raise
    shutil.rmtree(former, ignore_errors=True)
