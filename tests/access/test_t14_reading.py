"""T14: what is not on the tour (test_tours.py): asking what an address can do, and answers that no view gives.

Once a minute a stay notes that its person is there (`sign_in.last_seen_at`); the stage stands still in this, and
tests/access/checks_stays.py asks for it.
"""

import pytest

from registry.access.models import Role
from tests.access.addresses import addresses, nobodys
from tests.access.doors import Door
from tests.access.headers import header_faults
from tests.access.stage import Stage, performance
from tests.access.visits import written_tables


@pytest.mark.parametrize("who", ["district"])
def test_being_asked_what_an_address_can_do_it_tells_that_and_nothing_else(stage: Stage, who: str) -> None:
    with performance(stage) as connection, written_tables(connection) as wrote:
        for rule in addresses(stage):
            answer = stage.ask(who, "OPTIONS", nobodys(rule))
            assert (answer.status_code, answer.data) == (200, b""), rule.endpoint
            assert set(answer.headers["Allow"].split(", ")) == rule.methods
            assert list(header_faults(rule.endpoint, answer, is_view=False)) == []
    assert wrote == set()


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("GET", "/no-such-page", 404),
        ("PUT", "/providers", 405),
        ("POST", "/healthz", 405),
        ("GET", "/\0", 400),
    ],
)
def test_what_the_server_itself_refuses_carries_the_headers_too(
    stage: Stage, method: str, url: str, status: int
) -> None:
    with performance(stage):
        answer = stage.ask(Role.CITY, method, url)

    assert answer.status_code == status
    assert list(header_faults("", answer)) == []


def test_a_failure_carries_the_headers_too(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError

    monkeypatch.setitem(stage.app.view_functions, "home.show", guarded_alike(stage, fail))
    monkeypatch.setitem(stage.app.config, "PROPAGATE_EXCEPTIONS", False)
    with performance(stage):
        answer = stage.ask(Role.CITY, "GET", "/")

    assert answer.status_code == 500
    assert list(header_faults("", answer)) == []


def test_at_work_every_answer_asks_for_https_for_a_year(door: Door) -> None:
    browser = door.browser()

    for url in ("/sign-in", "/", "/healthz", "/no-such-page"):
        assert list(header_faults("", browser.get(url), is_secure=True)) == []


def guarded_alike(stage: Stage, view: object) -> object:
    """The view with the mark of the one whose place it takes."""
    view.policy = stage.app.view_functions["home.show"].policy  # type: ignore[attr-defined]
    return view
