"""A server that a test kills again and again: `python -m tests.access.crash_program HOME URL PORT`.

Everything is imported once. For each line on stdin a server is forked into a process group of its own, as
`portal serve` runs it, and its group is printed; whoever sent the line kills it.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

from portal import create_app
from portal.commands.serve import server
from portal.settings import Profile, Settings
from portal.sweeping import clear_leftovers

SECRET = "a secret that is only good for tests"


def settings_of(home: Path, url: str) -> Settings:
    return Settings(
        home=home, database_url=url, profile=Profile.DEMO, secret_key=SECRET, audit_key=SECRET[::-1]
    )


def main(home: str, url: str, port: str) -> None:
    settings = settings_of(Path(home), url)
    create_app(settings)  # for its imports alone: each worker makes its own
    started = 0
    for _line in sys.stdin:
        if started:
            with suppress(ChildProcessError):
                os.waitpid(started, 0)
        started = os.fork()
        if not started:
            os.setsid()
            clear_leftovers(settings)
            server(
                settings, bind=f"127.0.0.1:{port}", workers=2, loglevel="critical", graceful_timeout=1
            ).run()
        sys.stdout.write(f"{started}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
