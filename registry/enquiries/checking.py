"""The check code of an enquiry: it is made from the form's key, so that a form sent twice tells the same one again."""

import hashlib
import hmac

from registry.base import CODE_ALPHABET

CHECK_LENGTH = 10
"""Ten of 31 letters, beside the ten of the number: nobody guesses both."""


def check_code(secret: str, form_key: str) -> str:
    """`secret` is the portal's own: whoever reads the history of steps cannot work it out."""
    digest = hmac.new(secret.encode(), f"enquiry {form_key}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest, "big")
    letters = []
    for _place in range(CHECK_LENGTH):
        number, letter = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[letter])
    return "".join(letters)


def hash_of(code: str) -> str:
    """What the table keeps."""
    return hashlib.sha256(code.encode()).hexdigest()


def is_right(code: str, kept: str) -> bool:
    """In the same time whatever the code is."""
    return hmac.compare_digest(hash_of(code), kept)
