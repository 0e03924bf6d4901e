"""The list of 100,000 institutions, filtered, sorted, counted, page 3 of 50, signed in, beside what others take.

Each site answers in a process of its own, asked through WSGI; what is compared is processor time for one answer.
Peers have the rows in one flat table with every shown value ready; ours joins, judges and knows who may see what.

The portal remembers what it worked out until the register changes; the peers remember nothing. So it is measured twice:
after a change of an institution before each request, where everybody works everything out, and without one. Last comes
the page that the browser holds already: an answer without a body, beside the least that a page can cost.
"""

import json
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks import providers
from benchmarks.comparing import FOLDER, Comparison, record
from benchmarks.databases import prepared

ROOT = Path(__file__).parent.parent
PEERS = Path(__file__).parent / "peers"
ROUNDS = 7
NAMES = re.compile("示例机构[0-9]{7}")
CHANGED, UNCHANGED = "20 changed", "20"
WORKS = {
    "list page of 100,000, after a change": CHANGED,
    "list page of 100,000, nothing changed": UNCHANGED,
}
HELD = "list page of 100,000, held by the browser"


@dataclass(frozen=True)
class Peer:
    """Another site; it runs in an environment of its own, or in ours where `environment` is empty."""

    name: str
    environment: str
    program: str
    arguments: tuple[str, ...]
    limit: float
    is_speedup: bool = True


LISTED = (
    Peer("Django admin", "django", "django_site.py", ("admin",), 8),
    Peer("Flask-AppBuilder", "flask-appbuilder", "appbuilder_site.py", (), 8),
    Peer("Flask-Admin", "flask-admin", "flask_admin_site.py", (), 4),
    Peer("Django ListView", "django", "django_site.py", ("plain",), 1.3),
    Peer("raw SQL and template", "", "raw_site.py", (), 3, is_speedup=False),
)


class Site:
    """A process that answers as often as it is told."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, question: str) -> dict[str, object]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(question, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        assert line, f"{self.process.args} ended"
        return json.loads(line)

    def page(self) -> str:
        """The page itself; it must have been found."""
        answer = self.ask("page")
        assert answer["status"] == "200 OK", answer
        return str(answer["body"])

    def seconds(self, question: str) -> float:
        """Processor time of one answer, over several."""
        return float(str(self.ask(question)["seconds"]))


@pytest.fixture(scope="module")
def database() -> str:
    return prepared(providers.fill, providers.__file__)


@pytest.mark.parametrize("peer", LISTED, ids=lambda peer: peer.name)
def test_a_list_page_beside(peer: Peer, database: str, tmp_path: Path):
    python = environment_of(peer)
    flat = shutil.copy(providers.flat_copy(database), tmp_path / "flat.sqlite")
    with ExitStack() as stack:
        home = str(tmp_path / "home")
        ours = stack.enter_context(started([sys.executable, "-m", "benchmarks.portal_site", database, home]))
        peers = stack.enter_context(
            started([str(python), str(PEERS / peer.program), str(flat), *peer.arguments])
        )
        assert names_on(ours.page()) == names_on(peers.page()) == expected_names()
        for work, question in WORKS.items():
            own, other = medians(ours, peers, question)
            record(Comparison(work, peer.name, own, other, peer.limit, is_speedup=peer.is_speedup))


def test_a_page_that_the_browser_holds(database: str, tmp_path: Path):
    flat = shutil.copy(providers.flat_copy(database), tmp_path / "flat.sqlite")
    home = str(tmp_path / "home")
    with (
        started([sys.executable, "-m", "benchmarks.portal_site", database, home, "held"]) as ours,
        started([sys.executable, str(PEERS / "raw_site.py"), str(flat)]) as least,
    ):
        assert ours.ask("page")["status"] == "304 NOT MODIFIED"
        own, other = medians(ours, least, UNCHANGED)
    record(Comparison(HELD, "raw SQL and template", own, other, 1, is_speedup=False))


def medians(ours: Site, peers: Site, question: str) -> tuple[float, float]:
    """Of both, asked in turn; once before that, unmeasured, to warm up."""
    ours.seconds(question), peers.seconds(question)
    times = [(ours.seconds(question), peers.seconds(question)) for _ in range(ROUNDS)]
    own, other = zip(*times, strict=True)
    return statistics.median(own), statistics.median(other)


def environment_of(peer: Peer) -> Path:
    if not peer.environment:
        return Path(sys.executable)
    python = FOLDER / peer.environment / "bin" / "python"
    if not python.exists():
        pytest.skip(f"{peer.name} is not installed: `make bench` installs it")
    return python


@contextmanager
def started(command: list[str]) -> Iterator[Site]:
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            yield Site(process)
        finally:
            process.kill()


def names_on(page: str) -> list[str]:
    """The institutions in the order of their first appearance."""
    return list(dict.fromkeys(NAMES.findall(page)))


def expected_names() -> list[str]:
    """Page 3 by arithmetic on the recipe."""
    kinds = providers.KINDS
    chosen = sorted(
        f"示例机构{i * providers.SCATTER % 1_000_003:07d}"
        for i in range(1, providers.ORGANISATIONS + 1)
        if i % 3 and kinds[i % len(kinds)] is providers.CHOSEN
    )
    assert len(chosen) < 10_000, "the portal counts no further, and then it would have less to do"
    return chosen[100:150]
