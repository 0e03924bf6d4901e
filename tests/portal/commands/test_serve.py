"""The server is started with what was chosen for it."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.commands.serve import CHOSEN, end_between_events, server
from portal.settings import Profile, Settings

KEY = "0123456789abcdefghijklmnopqrstuv"


def test_the_server_leaves_no_control_socket_in_anybodys_home(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path, database_url="sqlite://", profile=Profile.DEMO, secret_key=KEY, audit_key=KEY[::-1]
    )

    chosen = server(settings, workers=1).cfg

    assert chosen.control_socket_disable is True
    assert {name: getattr(chosen, name) for name in ("threads", "timeout", "graceful_timeout")} == {
        name: CHOSEN[name] for name in ("threads", "timeout", "graceful_timeout")
    }


class Loop:
    """What gunicorn's thread worker offers to a signal: a queue that its loop works off between two events."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[..., None], tuple[object, ...]]] = []
        self.method_queue = self
        self.has_ended = False

    def defer(self, call: Callable[..., None], *told: object) -> None:
        self.waiting.append((call, told))

    def handle_quit(self, _number: int, _frame: object) -> None:
        self.has_ended = True


def test_a_worker_that_is_told_to_end_ends_between_two_events(handlers_kept: None) -> None:
    worker = Loop()
    end_between_events(worker)

    signal.raise_signal(signal.SIGQUIT)
    ended_in_the_handler = worker.has_ended
    for call, told in worker.waiting:
        call(*told)

    assert not ended_in_the_handler
    assert worker.has_ended


def test_a_worker_leaves_ctrl_c_to_its_master(handlers_kept: None) -> None:
    worker = Loop()
    end_between_events(worker)

    signal.raise_signal(signal.SIGINT)

    assert not worker.waiting


@pytest.fixture
def handlers_kept() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGQUIT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)
