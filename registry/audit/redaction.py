"""The second wall before the trail: identity numbers and telephone numbers that somebody typed are struck out.

Whoever writes an entry names fields and counts, no values of C3 and C4. What people type into a search box or as a
reason is their own; a number that names a person does not outlive them in a trail that is never deleted.
"""

import re
from typing import Any

IDENTITY = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[0-9Xx]|\d{15})(?![0-9A-Za-z])")
"""GB 11643-1999, and the fifteen digits before it."""
TELEPHONE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")


def struck_out(text: str) -> str:
    """The text with a star for each sign of a number that names a person."""
    for pattern in (IDENTITY, TELEPHONE):
        text = pattern.sub(lambda found: "*" * len(found[0]), text)
    return text


def struck_out_deeply(value: Any) -> Any:
    """The same in every text of a JSON value."""
    if isinstance(value, str):
        return struck_out(value)
    if isinstance(value, list):
        return [struck_out_deeply(item) for item in value]
    if isinstance(value, dict):
        return {name: struck_out_deeply(item) for name, item in value.items()}
    return value
