"""What the machine puts in a command's way, and the remedy: a full disk, somebody else's folder, a busy port."""

import errno
import os
import pwd
import socket
import sqlite3
from pathlib import Path

from portal.commands.acting import open_register
from portal.settings import Settings, SettingsError

ELSEWHERE = "give another folder with PORTAL_HOME, or have this one given to you (chown)"
ROOM = "make room and run it again; nothing was written by halves"


def obstacle(error: Exception) -> str | None:
    """One sentence for a failure that the machine's owner can mend; None for everything else, which is our fault."""
    cause = getattr(error, "orig", error)  # the driver's error, where SQLAlchemy wraps it
    if isinstance(cause, sqlite3.OperationalError):
        return _of_database(cause)
    return _of_file(cause) if isinstance(cause, OSError) else None


def refuse_busy_port(host: str, port: int) -> None:
    """Before any work is done for a server that could not listen. SettingsError names another port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise SettingsError(_of_port(error, host, port)) from None


def refuse_example_accounts(settings: Settings) -> None:
    """Their password stands in the handbook. SettingsError where one is open in a register for work."""
    from registry.access.queries import has_open_example_accounts

    if settings.is_demo:
        return
    with open_register(settings) as session:
        if has_open_example_accounts(session):
            raise SettingsError(
                "This database holds accounts of the demonstration, whose password is known; use another database."
            )


def _of_database(error: sqlite3.OperationalError) -> str | None:
    return {
        sqlite3.SQLITE_FULL: f"The disk that holds the database is full; {ROOM}.",
        sqlite3.SQLITE_READONLY: f"The database cannot be written by {_user()}; {ELSEWHERE}.",
        sqlite3.SQLITE_CANTOPEN: f"The database cannot be opened by {_user()}; {ELSEWHERE}.",
    }.get(error.sqlite_errorcode & 0xFF)


def _of_file(error: OSError) -> str | None:
    place = _standing(error.filename)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk that holds {place} is full; {ROOM}."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"{_user()} may not write to {place}; {ELSEWHERE}."
    if error.errno in {errno.EEXIST, errno.ENOTDIR}:
        return f"{place} is a file where a folder is needed; give another folder with PORTAL_HOME."
    return None


def _standing(name: str | None) -> Path:
    """The file, or the folder in which it was to be made."""
    path = Path(name or ".")
    return path if path.exists() else path.parent


def _of_port(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use, perhaps by a portal that runs already; {_another(8080)}."
    if error.errno == errno.EACCES:
        return f"Ports below 1024 are kept for root; {_another(8080)}."
    return f"{host}:{port} cannot be listened on ({error.strerror}); give an address of this machine with --host."


def _another(port: int) -> str:
    return f"choose another: --port {port}, or make run PORT={port}"


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"
