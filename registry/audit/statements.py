"""Statements about the trail as sealed files: its head on a day, what was retired, what a restore left behind.

The seal is an HMAC with a key derived from that of the chain and from the kind of the statement: whoever may verify the
chain may verify what is said about it, with nothing but a standard library, and no seal of one kind is ever one of
another. Signatures by a key pair would let people verify without that secret; the product has no such library, and a
head that was printed and signed by hand needs none.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from registry.audit.chain import canonical
from registry.errors import InvalidInput
from registry.messages import N_, message


def write_statement(content: Mapping[str, Any], key: bytes, *, form: str) -> str:
    """The text of the file; `form` names the kind of the statement and its version."""
    said = {"format": form, **content}
    return json.dumps(said | {"seal": seal_of(said, key)}, indent=2) + "\n"


def read_statement(text: str, key: bytes, *, form: str, name: str) -> dict[str, Any]:
    """What the file says; InvalidInput where it is no statement of this form, or where its seal does not fit."""
    try:
        content: dict[str, Any] = json.loads(text)
        seal = content.pop("seal")
        is_one = content["format"] == form
    except (ValueError, TypeError, AttributeError, KeyError):
        is_one = False
    if not is_one:
        raise InvalidInput("heads", message(N_("“%(name)s”不是操作留痕的封印文件。"), name=name))
    if not hmac.compare_digest(str(seal), seal_of(content, key)):
        sentence = N_("“%(name)s”的封印不符：文件被改动过，或不是用现行密钥封印的。")
        raise InvalidInput("heads", message(sentence, name=name))
    return {field: value for field, value in content.items() if field != "format"}


def seal_of(content: Mapping[str, Any], key: bytes) -> str:
    """HMAC-SHA256 over the canonical JSON, by a key of its own for each format."""
    derived = hmac.new(key, str(content["format"]).encode(), hashlib.sha256).digest()
    return hmac.new(derived, canonical(dict(content)), hashlib.sha256).hexdigest()
