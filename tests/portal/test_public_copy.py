"""The copy of the public pages as files: complete, the same for the same data, and nothing in it that is not public."""

import hashlib
import json
import os
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.public.copying import CannotCopy, export_public, file_of
from registry.divisions.models import DivisionKind
from registry.organisations.models import Site
from registry.policy.loading import load_policy
from tests.factories import (
    make_division,
    make_organisation,
    make_post,
    make_practitioner,
    make_site,
    make_standing,
)
from tests.services_factories import make_service

LINK = re.compile(r'(?:href|src)="([^"]*)"')
CANARY = "欧阳金丝雀"


@pytest.fixture
def place(session: Session) -> Site:
    """One street with a place, one without; somebody works there."""
    load_policy(session)
    make_division(session, "31", name="上海市")
    make_division(session, "3101", name="市辖区", kind=DivisionKind.PSEUDO)
    make_division(session, "310101", name="黄浦区")
    make_division(session, "310101002", name="南京东路街道")
    make_division(session, "310101013", name="外滩街道")
    organisation = make_organisation(session, name="畅怀精神康复服务社")
    make_standing(session, organisation)
    site = make_site(session, organisation, name="畅怀精神康复点")
    make_service(session, site, phone="021-00000001")
    make_post(session, make_practitioner(session, name=CANARY), site)
    session.commit()
    return site


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_every_link_leads_to_a_file_and_no_file_asks_for_anything_else(
    app: Flask, place: Site, tmp_path: Path
) -> None:
    export_public(app, tmp_path / "site")
    files = files_in(tmp_path / "site")
    pages = {name: content.decode() for name, content in files.items() if name.endswith(".html")}

    dead = []
    for name, page in pages.items():
        for link in LINK.findall(page):
            if link.startswith(("tel:", "#")):
                continue
            target = os.path.normpath(Path(name).parent / link.partition("#")[0])
            if link.startswith("/") or target not in files:
                dead.append(f"{name}: {link}")
    assert not dead
    assert {"index.html", "en/index.html", "large/index.html", "en-large/index.html"} <= set(pages)
    assert {"areas/310101013.html", f"places/{place.code}.html", "ask.html"} <= set(pages)
    assert {"leaflets/310101002.pdf", "leaflets/310101013.pdf", "assets/css/public.css"} <= set(files)


def test_no_page_of_the_copy_has_a_form_a_script_or_a_token(app: Flask, place: Site, tmp_path: Path) -> None:
    export_public(app, tmp_path / "site")

    for name, content in files_in(tmp_path / "site").items():
        if name.endswith(".html"):
            for word in (b"<form", b"<script", b"csrf_token", b"nonce"):
                assert word not in content, (name, word)
    assert "12345" in (tmp_path / "site" / "ask.html").read_text()


def test_the_same_data_give_the_same_bytes(app: Flask, place: Site, tmp_path: Path) -> None:
    export_public(app, tmp_path / "one")
    for file in (Path(app.extensions["settings"].home) / "cache" / "leaflets").glob("*.pdf"):
        file.unlink()  # laid out anew
    export_public(app, tmp_path / "two")

    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")


def test_the_manifest_names_every_file_with_its_digest(app: Flask, place: Site, tmp_path: Path) -> None:
    export_public(app, tmp_path / "site")
    files = files_in(tmp_path / "site")
    listed = json.loads(files.pop("manifest.json"))["files"]

    assert listed == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_nobody_who_works_there_stands_in_any_file(app: Flask, place: Site, tmp_path: Path) -> None:
    export_public(app, tmp_path / "site")

    for name, content in files_in(tmp_path / "site").items():
        assert CANARY.encode() not in content, name
        assert "精神" not in name
        assert "占比".encode() not in content, name


def test_a_new_copy_takes_the_place_of_the_old_one_as_a_whole(
    app: Flask, place: Site, tmp_path: Path
) -> None:
    export_public(app, tmp_path / "site")
    (tmp_path / "site" / "areas" / "left-over.html").write_text("old")
    export_public(app, tmp_path / "site")

    assert not (tmp_path / "site" / "areas" / "left-over.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_page_that_fails_leaves_the_old_copy_as_it_was(
    app: Flask, place: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_public(app, tmp_path / "site")
    before = files_in(tmp_path / "site")
    monkeypatch.setattr("portal.public.copying.START", "/public/areas/99")

    with pytest.raises(CannotCopy, match="answered 404"):
        export_public(app, tmp_path / "site")
    assert files_in(tmp_path / "site") == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_folder_with_other_files_is_left_alone(app: Flask, place: Site, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")

    with pytest.raises(CannotCopy, match="holds other files"):
        export_public(app, tmp_path)
    with pytest.raises(CannotCopy, match="is a file"):
        export_public(app, tmp_path / "thesis.docx")
    assert (tmp_path / "thesis.docx").read_text() == "years of work"


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/public/", "index.html"),
        ("/public/?lang=en", "en/index.html"),
        ("/public/areas/31?lang=en&text=large", "en-large/areas/31.html"),
        ("/public/leaflets/310101013.pdf", "leaflets/310101013.pdf"),
        ("/static/abc/css/base.css", "assets/css/base.css"),
    ],
)
def test_each_address_has_its_file(address: str, file: str) -> None:
    assert file_of(address) == file
