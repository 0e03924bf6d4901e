"""Pieces of JSON Schema (2020-12) with which the answers of the interface are described."""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeAlias

from flask_babel import gettext
from flask_babel.speaklater import LazyString

from portal.formatting import language
from registry.messages import Named
from registry.vocabulary import term

Schema = dict[str, Any]
Meaning: TypeAlias = str | LazyString | Callable[[], str]
"""A text that is worked out when the document is spoken, in the reader's language."""


def record(title: str, /, **members: Schema) -> Schema:
    """An object that has each of its members and no other."""
    return {
        "title": title,
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }


def list_of(item: Schema, meaning: Meaning) -> Schema:
    """An array."""
    return {"type": "array", "items": item, "description": meaning}


def text(meaning: Meaning, **more: Any) -> Schema:
    """A string."""
    return {"type": "string", "description": meaning, **more}


def day(meaning: Meaning) -> Schema:
    """A day, ISO 8601."""
    return text(meaning, format="date")


def whole(meaning: Meaning) -> Schema:
    """A number of things."""
    return {"type": "integer", "minimum": 0, "description": meaning}


def number(meaning: Meaning) -> Schema:
    """A measured number."""
    return {"type": "number", "description": meaning}


def flag(meaning: Meaning) -> Schema:
    """Yes or no."""
    return {"type": "boolean", "description": meaning}


def token(words: Mapping[str, Any], meaning: Meaning) -> Schema:
    """One of some tokens, each with its word."""
    return {"type": "string", "enum": list(words), "description": with_words(meaning, words)}


def member(kind: Iterable[StrEnum], meaning: Meaning) -> Schema:
    """One stored value of an enumeration whose words are in the vocabulary."""
    return token({one.value: term(one) for one in kind}, meaning)


def or_nothing(schema: Schema) -> Schema:
    """The same, or null."""
    nullable = {**schema, "type": [schema["type"], "null"]}
    return nullable | {"enum": [*schema["enum"], None]} if "enum" in schema else nullable


def with_words(meaning: Meaning, words: Mapping[str, Any]) -> Callable[[], str]:
    """The meaning with the word of each token behind it."""

    def said() -> str:
        named = {name: spoken_word(word) for name, word in words.items()}
        telling = [f"{name}: {word}" for name, word in named.items() if tells_more(name, word)]
        listed = ("；" if language() == "zh" else "; ").join(telling)
        places = {"meaning": spoken(meaning), "words": listed}
        return str(gettext("%(meaning)s（%(words)s）", **places)) if telling else str(places["meaning"])

    return said


def tells_more(token: str, word: str) -> bool:
    """Whether the word says anything that the token does not: in English they are often the same."""
    return re.sub("[_-]", " ", token) != word.lower()


def spoken_word(word: str | LazyString | Named) -> str:
    """A token's word in the reader's language."""
    if isinstance(word, str | LazyString):
        return str(word)
    return word.zh if language() == "zh" else word.en


def spoken(node: Any) -> Any:
    """A description in the reader's language: everything that was left to be said is said."""
    if isinstance(node, Mapping):
        return {key: spoken(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [spoken(value) for value in node]
    if isinstance(node, LazyString):
        return str(node)
    return node() if callable(node) else node
