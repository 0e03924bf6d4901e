"""The set-up of a machine, in a folder of its own, with stand-ins for the programs that would change this one.

The PATH holds nothing else, so that no test can reach the real apt-get, whatever the script does.
"""

import os
import re
import subprocess
from pathlib import Path
from shutil import copytree, which

import pytest

ROOT = Path(__file__).resolve().parents[2]
EVERYDAY = (
    "awk", "bash", "cat", "chmod", "cut", "df", "dirname", "env", "grep", "id", "mkdir",
    "sed", "sha256sum", "sleep", "stat", "tail", "touch", "tr",
)  # fmt: skip
COMPARED = (
    "pyproject.toml",
    "requirements.lock",
    "requirements-run.lock",
    "package.json",
    "package-lock.json",
)
NO_NETWORK = "echo \"Temporary failure resolving 'mirror'\"; exit 1"


class Machine:
    """A checkout without an environment, and a PATH that holds what is put there."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.programs = folder / "bin"
        self.programs.mkdir(parents=True)
        copytree(ROOT / "scripts", self.checkout / "scripts")
        for name in COMPARED:
            (self.checkout / name).touch()
        for name in EVERYDAY:
            self.programs.joinpath(name).symlink_to(str(which(name)))
        self.has_catalogue()
        self.is_root()
        self.has("python3", python_with(pip="echo NewConnectionError; exit 1"))
        self.has("node", "exit 0")
        self.has("npm", "exit 0")
        (self.checkout / "static/vendor").mkdir(parents=True)

    def has(self, name: str, script: str) -> None:
        """Puts a program on the PATH."""
        program = self.programs / name
        program.unlink(missing_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def lacks(self, *names: str) -> None:
        """Takes programs off the PATH."""
        for name in names:
            self.programs.joinpath(name).unlink()

    def has_catalogue(self) -> None:
        """Compiled already: this step is not looked at here."""
        folder = self.checkout / "portal/translations/en/LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "messages.po").touch()
        (folder / "messages.mo").touch()
        os.utime(folder / "messages.po", (0, 0))

    def is_debian(self, *, installed: str = "", apt_get: str = NO_NETWORK) -> None:
        """With these packages, and an apt-get that answers so."""
        listed = "\\n".join(f"ii {name} " for name in installed.split())
        self.has("dpkg-query", f"printf '{listed}\\n'")
        self.has("dpkg", "exit 0")
        self.has("apt-get", apt_get)

    def is_root(self, uid: int = 0) -> None:
        """Or somebody else."""
        self.has("id", f'[ "$1" = -u ] && echo {uid} || echo li')

    def set_up(self, purpose: str) -> "subprocess.CompletedProcess[str]":
        """Runs scripts/setup here."""
        return subprocess.run(
            ["/bin/bash", "scripts/setup", purpose],
            cwd=self.checkout,
            env={"PATH": str(self.programs)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def python_with(*, pip: str) -> str:
    """A python3 that makes an environment whose pip answers so."""
    return f"""
case "$*" in
    *venv*) mkdir -p .venv/bin .venv/lib/python3.11/site-packages/pip
            touch .venv/lib/python3.11/site-packages/pip/__init__.py
            printf '#!/bin/sh\\ncase "$*" in *pip*) {pip};; esac\\n' >.venv/bin/python
            chmod +x .venv/bin/python ;;
esac
"""


FOR_RUNNING = "fonts-noto-cjk libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0"
FOR_TESTING = f"{FOR_RUNNING} chromium libatomic1 postgresql-15"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_running_asks_for_no_browser_and_no_database_server(machine: Machine):
    machine.is_debian()

    refused = machine.set_up("running")

    assert f"could not be installed: {FOR_RUNNING}\n" in refused.stderr


def test_testing_asks_for_those_too(machine: Machine):
    machine.is_debian(installed=FOR_RUNNING)

    refused = machine.set_up("testing")

    assert "could not be installed: chromium libatomic1 postgresql-15\n" in refused.stderr


def test_a_machine_without_node_gets_it(machine: Machine):
    machine.is_debian(installed=FOR_RUNNING)
    machine.lacks("node", "npm")

    refused = machine.set_up("running")

    assert "could not be installed: nodejs npm\n" in refused.stderr


def test_without_network_browser_files_name_their_source(machine: Machine):
    machine.is_debian(installed=FOR_RUNNING)
    machine.has("npm", "echo npm error code EAI_AGAIN; exit 1")
    machine.has("python3", python_with(pip="exit 0"))

    refused = machine.set_up("running")

    assert refused.returncode == 1
    assert "browser files could not be installed" in refused.stderr
    assert "npm config set registry" in refused.stderr


def test_without_network_apt_names_what_is_missing_and_the_remedy(machine: Machine):
    machine.is_debian()

    refused = machine.set_up("running")

    assert refused.returncode == 1
    assert "has no network" in refused.stderr
    assert "/etc/apt" in refused.stderr
    assert f"apt-get install -y --no-install-recommends {FOR_RUNNING}" in refused.stderr


def test_without_network_pip_names_the_remedy(machine: Machine):
    machine.is_debian(installed=FOR_RUNNING)

    refused = machine.set_up("running")

    assert refused.returncode == 1
    assert "Python packages could not be installed" in refused.stderr
    assert "has no network" in refused.stderr
    assert "PIP_FIND_LINKS" in refused.stderr


def test_without_network_npm_says_that_running_does_not_need_it(machine: Machine):
    machine.is_debian(installed=FOR_TESTING)
    machine.has("npm", "echo npm error code EAI_AGAIN; exit 1")
    machine.has("python3", python_with(pip="exit 0"))

    refused = machine.set_up("testing")

    assert refused.returncode == 1
    assert "has no network" in refused.stderr
    assert "make run" in refused.stderr


def test_a_second_time_asks_neither_apt_nor_pip_and_says_nothing(machine: Machine):
    machine.is_debian(installed=FOR_RUNNING)
    machine.has("python3", python_with(pip="exit 0"))
    assert machine.set_up("running").returncode == 0
    python = machine.checkout / ".venv/bin/python"
    python.write_text(python.read_text().replace("exit 0", "exit 1"))
    machine.has("apt-get", "exit 1")

    again = machine.set_up("running")

    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_the_steps_are_numbered_and_timed(machine: Machine):
    machine.is_debian(installed=FOR_RUNNING)
    machine.has("python3", python_with(pip="exit 0"))

    seen = machine.set_up("running").stderr

    assert re.findall(r"^\[(\d)/(\d)\]", seen, re.MULTILINE) == [
        ("1", "4"),
        ("2", "4"),
        ("3", "4"),
        ("4", "4"),
    ]
    assert len(re.findall(r"^ +done in \d+:\d\d$", seen, re.MULTILINE)) == 4


def test_who_is_not_root_and_has_no_sudo_is_told_what_to_ask_for(machine: Machine):
    machine.is_debian()
    machine.is_root(uid=1000)

    refused = machine.set_up("running")

    assert refused.returncode == 1
    assert "Ask whoever is root" in refused.stderr
    assert f"apt-get install -y --no-install-recommends {FOR_RUNNING}" in refused.stderr


def test_an_old_python_is_refused_before_anything_is_installed(machine: Machine):
    machine.is_debian(apt_get="echo INSTALLED >&2")
    machine.has("python3", '[ "$1" = --version ] && echo Python 3.9.2; exit 1')

    refused = machine.set_up("running")

    assert refused.returncode == 1
    assert "3.11 or newer is needed; this machine has Python 3.9.2" in refused.stderr
    assert not (machine.checkout / "build").exists()


def test_elsewhere_than_on_debian_the_packages_are_named_and_the_rest_is_done(machine: Machine):
    machine.has("python3", python_with(pip="exit 0"))

    done = machine.set_up("running")

    assert done.returncode == 0, done.stderr
    assert "This is no Debian" in done.stderr
    assert FOR_RUNNING in done.stderr


def test_too_little_room_is_said_before_anything_is_installed(machine: Machine):
    machine.is_debian()
    machine.has("df", "printf 'Filesystem\\n/dev/sda1 1000 900 100 90%% /\\n'")

    refused = machine.set_up("running")

    assert refused.returncode == 1
    assert "100 MB are free" in refused.stderr


def test_a_disk_that_fills_up_on_the_way_is_named(machine: Machine):
    machine.is_debian(apt_get="echo write error: No space left on device; exit 1")

    assert "The disk is full" in machine.set_up("running").stderr


def test_an_unknown_purpose_is_refused(machine: Machine):
    assert machine.set_up("flying").returncode == 1


def test_set_up_names_no_host():
    scripts = [file for file in (ROOT / "scripts").iterdir() if file.is_file()]

    assert [file.name for file in scripts if "://" in file.read_text().replace("http://127.0.0.1", "")] == []
