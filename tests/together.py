"""Which tests of a run keep together on one worker, so that what they share is built once."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

STAGE = "tests/hostile/"
ALONE = "tests/browser/"


class Together(LoadScopeScheduling):
    """The hostile tests share one stage and what was learned of each form; other tests what their file builds.

    A browser's journeys build for themselves and take long: they go one by one to whichever worker is free.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(STAGE):
            return STAGE
        return nodeid if nodeid.startswith(ALONE) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """In the order of collection: the longest stay, that of the hostile tests, begins early."""
    config.option.loadscopereorder = False
    return Together(config, log)
