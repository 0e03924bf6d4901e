"""What `portal demo` tells a newcomer: the accounts, the password, and what to look at first."""

from portal.demo.accounts import DEMO_ACCOUNTS, PASSWORD, STAND_IN
from portal.demo.start import samples_folder
from portal.settings import Settings

FIRST_STEPS = """\
Look first: sign in as demo-city. The home page shows where the city stands against its target of 30%: open the number
down to the people behind it, then the map (地图), then the briefing (工作简报)."""


def welcome(settings: Settings, *, is_new: bool) -> str:
    """Several lines, without the address: the server says it when it answers."""
    state = "built" if is_new else "there as you left it"
    return "\n".join(
        [
            f"The demonstration is {state}. Institutions, people and figures are made up (示例).",
            "",
            *(
                f"  {account.username:15} {account.sees} ({account.name})"
                for account in (*DEMO_ACCOUNTS, STAND_IN)
            ),
            f"Password of every account: {PASSWORD}",
            "",
            FIRST_STEPS,
            f"Workbooks to try the intake with: {samples_folder(settings)}",
        ]
    )
