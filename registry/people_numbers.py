"""Numbers by which a person is known: they stand in sealed fields, never in a sentence that somebody types."""

import re

BETWEEN = r"[ \-]?"
"""People divide long numbers into groups."""
NUMBER_OF_SOMEBODY = re.compile(
    rf"(?<!\d)((?:\d{BETWEEN}){{17}}[\dXx]|1{BETWEEN}[3-9](?:{BETWEEN}\d){{9}})(?!\d)"
)


def holds_number_of_somebody(typed: str) -> bool:
    """Whether an identity number or a mobile telephone stands in a text."""
    return NUMBER_OF_SOMEBODY.search(typed) is not None
