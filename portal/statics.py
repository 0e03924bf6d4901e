"""Style sheets, scripts and icons: served from this machine under an address that changes when any of them does."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from portal.shipped import shipped

HASH_LENGTH = 12


class Statics:
    """The folder `static` under `/static/<hash of its contents>/`, to be kept by browsers for good."""

    def __init__(self) -> None:
        self._folder = shipped("static")
        self.mark = tree_hash(self._folder)
        self._prefix = f"static/{self.mark}"
        self.url_of = cache(self._url_of)
        """`css/base.css` as a page links it; FileNotFoundError for a slip of the pen."""

    def _url_of(self, path: str) -> str:
        if not (self._folder / path).is_file():
            raise FileNotFoundError(f"static/{path} is missing: run make setup, or correct the name")
        return f"/{self._prefix}/{path}"

    def serve(self, app: Flask) -> None:
        """Answers before the application is asked: these files need no session."""
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # how Flask documents middleware
            app.wsgi_app,
            root=str(self._folder),
            prefix=self._prefix,
            immutable_file_test=lambda _path, _url: True,
            add_headers_function=own_headers,
            allow_all_origins=False,
        )


def tree_hash(folder: Path) -> str:
    """Of every file's path and bytes, but for what Python compiled."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        digest.update(str(file.relative_to(folder)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:HASH_LENGTH]


def own_headers(headers: dict[str, str], _path: str, _url: str) -> None:
    """What a file tells the browser."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
