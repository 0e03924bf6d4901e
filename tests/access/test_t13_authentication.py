"""T13: the checks of the door, one by one, in the profile dengbao3. The last test counts them."""

from collections.abc import Callable

import pytest

from tests.access import (
    checks_factors as checks_factors,
)
from tests.access import (
    checks_guessing as checks_guessing,
)
from tests.access import (
    checks_passwords as checks_passwords,
)
from tests.access import (
    checks_proofs as checks_proofs,
)
from tests.access import (
    checks_stays as checks_stays,
)
from tests.access.checking import CHECKS
from tests.access.doors import Door


@pytest.mark.parametrize("name", list(CHECKS))
def test_the_door_holds(name: str, door: Door) -> None:
    CHECKS[name](door)


def test_there_are_forty_checks_or_more(tell: Callable[[str], None]) -> None:
    tell(f"T13: {len(CHECKS)} checks of authentication and sessions")

    assert len(CHECKS) >= 40
