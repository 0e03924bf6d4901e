"""Notes which parameters and form fields a view asks for by name, and which forms it makes.

That is how names are found that stand on no page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Request
from flask_wtf import FlaskForm
from werkzeug.datastructures import ImmutableMultiDict

_asked: set[str] | None = None


class NotingDict(ImmutableMultiDict[str, str]):
    """Parameters that remember for which of them somebody asked."""

    def get(self, key: Any, *rest: Any, **options: Any) -> Any:
        return super().get(noted(key), *rest, **options)

    def getlist(self, key: Any, *rest: Any, **options: Any) -> Any:
        return super().getlist(noted(key), *rest, **options)

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(noted(key))

    def __contains__(self, key: Any) -> bool:
        return super().__contains__(noted(key))


class NotingRequest(Request):
    """A request whose parameters and fields are noted."""

    parameter_storage_class = NotingDict


def noted(key: Any) -> Any:
    if _asked is not None and isinstance(key, str):
        _asked.add(key)
    return key


@contextmanager
def names_asked() -> Iterator[set[str]]:
    """The names that views ask for meanwhile."""
    global _asked  # noqa: PLW0603  # requests are made one after the other
    _asked = found = set[str]()
    try:
        yield found
    finally:
        _asked = None


@contextmanager
def forms_made() -> Iterator[list[FlaskForm]]:
    """The forms that views make meanwhile, to show them or to read what was sent."""
    made: list[FlaskForm] = []
    begin = FlaskForm.__init__

    def note(self: FlaskForm, *arguments: Any, **options: Any) -> None:
        begin(self, *arguments, **options)
        made.append(self)

    FlaskForm.__init__ = note
    try:
        yield made
    finally:
        FlaskForm.__init__ = begin


def every_form_class(root: type = FlaskForm) -> Iterator[type]:
    """The portal's forms, also those that only others are made of."""
    for kind in root.__subclasses__():
        if kind.__module__.startswith("portal."):
            yield kind
        yield from every_form_class(kind)
