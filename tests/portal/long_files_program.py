"""Workers that a test starts and kills: `python -m tests.portal.long_files_program HOME URL`.

Everything is imported once. For each name on stdin a worker of that name is forked, and its process is printed; whoever
sent the name kills it.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

import dbos as dbos

from portal import jobs
from portal.settings import Profile, Settings

SECRET = "a secret that is only good for tests"


def settings_of(home: Path, url: str) -> Settings:
    return Settings(
        home=home, database_url=url, profile=Profile.DEMO, secret_key=SECRET, audit_key=SECRET[::-1]
    )


def main(home: str, url: str) -> None:
    settings = settings_of(Path(home), url)
    for line in sys.stdin:
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        started = os.fork()
        if not started:
            os.close(0)
            jobs.run_worker(settings, name=line.strip())
        sys.stdout.write(f"{started}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
