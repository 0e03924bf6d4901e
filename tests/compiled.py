"""Templates that an application of an earlier test has compiled: every application would compile a hundred anew."""

from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache

FOLDER = Path(__file__).parents[1] / "build" / "templates"


def keep_compiled(app: Flask) -> Flask:
    """The same application, which compiles only what nobody has since the template was changed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(FOLDER))
    return app
