"""Style sheets and scripts are kept by browsers for good, and never under an old address."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.statics import Statics, tree_hash
from tests.portal.pages import Page


def fetched(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    """The answer, read to its end and closed."""
    answer = client.get(address, headers=headers)
    answer.get_data()
    answer.close()
    return answer


def addresses(page: Page) -> list[str]:
    found = [element.get("href") or element.get("src") or "" for element in page.tree.iter()]
    return sorted({address.partition("#")[0] for address in found if address.startswith("/static/")})


def test_every_file_that_a_page_names_is_served_to_be_kept(client, polite):
    found = addresses(polite.get("/sign-in"))

    assert len(found) >= 8
    for address in found:
        answer = fetched(client, address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"]
        assert "max-age=31" in answer.headers["Cache-Control"]
        assert answer.headers["ETag"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_did_not_change_is_not_sent_again(client, polite):
    address = addresses(polite.get("/sign-in"))[0]
    etag = fetched(client, address).headers["ETag"]

    assert fetched(client, address, if_none_match=etag).status_code == 304


def test_the_address_changes_with_the_contents(tmp_path):
    (tmp_path / "a.css").write_text("a {}")
    before = tree_hash(tmp_path)

    (tmp_path / "a.css").write_text("b {}")

    assert tree_hash(tmp_path) != before
    assert re.fullmatch("[0-9a-f]{12}", before)


def test_the_address_changes_with_the_name(tmp_path):
    (tmp_path / "a.css").write_text("a {}")
    before = tree_hash(tmp_path)

    (tmp_path / "a.css").rename(tmp_path / "b.css")

    assert tree_hash(tmp_path) != before


def test_a_slip_of_the_pen_is_found_when_the_page_is_drawn():
    with pytest.raises(FileNotFoundError, match=r"css/bsae\.css is missing"):
        Statics().url_of("css/bsae.css")


@pytest.mark.parametrize(
    "path", ["../portal/settings.py", "..%2fportal/settings.py", "%2e%2e/portal/settings.py"]
)
def test_nothing_but_the_folder_is_served(client, polite, path):
    folder = addresses(polite.get("/sign-in"))[0].rsplit("/", 2)[0]

    assert client.get(f"{folder}/{path}").status_code == 404


def test_a_first_visit_weighs_less_than_300_kilobytes(client, polite):
    page = polite.get("/sign-in")

    assert sum(len(fetched(client, address).data) for address in addresses(page)) + len(page.html) < 300_000
