"""The server is started with what was chosen for it."""

from pathlib import Path

from portal.commands.serve import CHOSEN, server
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
