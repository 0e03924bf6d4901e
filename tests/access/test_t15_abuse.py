"""T15: requests that are meant to cost more than they are worth are refused before any work is done for them."""

from urllib.parse import urlencode

import pytest

from portal.commands.serve import server
from portal.settings import Profile, Settings
from tests.access.doors import Browser, Door

TEXT = "application/x-www-form-urlencoded"
MANY = "multipart/form-data; boundary=x"

PARTS = "".join(
    f'--x\r\nContent-Disposition: form-data; name="a{number}"\r\n\r\n1\r\n' for number in range(1_100)
)
REFUSED: dict[str, tuple[str, bytes, str, int]] = {
    "ten megabytes of text": ("/sign-in", urlencode({"username": "x" * 10_000_000}).encode(), TEXT, 413),
    "two megabytes of text": ("/sign-in", urlencode({"username": "x" * 2_000_000}).encode(), TEXT, 413),
    "a hundred thousand names": (
        "/sign-in",
        b"&".join(b"a%d=1" % number for number in range(200_000)),
        TEXT,
        413,
    ),
    "eleven hundred parts": ("/sign-in", f"{PARTS}--x--\r\n".encode(), MANY, 413),
    "a part of two megabytes": (
        "/sign-in",
        b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n'
        + bytes(2_000_000)
        + b"\r\n--x--\r\n",
        MANY,
        413,
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_body_beyond_all_use_is_refused(door: Door, what: str) -> None:
    url, body, kind, status = REFUSED[what]
    browser = Browser(door.app, "10.0.0.1")

    assert (
        browser.client.post(url, data=body, content_type=kind, base_url="https://localhost").status_code
        == status
    )


def test_the_server_itself_ends_addresses_and_headers_beyond_all_use(tmp_path) -> None:
    settings = Settings(
        home=tmp_path,
        database_url="sqlite://",
        profile=Profile.DEMO,
        secret_key="a secret that is only good for tests",
        audit_key="another secret that is good for tests",
    )
    configuration = server(settings).cfg

    limits = (
        configuration.limit_request_line,
        configuration.limit_request_fields,
        configuration.limit_request_field_size,
    )
    assert limits == (4094, 100, 8190)
    assert configuration.timeout == 120
