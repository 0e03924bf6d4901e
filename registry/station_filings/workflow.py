"""How a filing goes: the station fills it in, its street reports it, the district checks it.

For a station where nobody has an account the street fills it in and reports it in one step.
"""

from dataclasses import replace
from enum import StrEnum
from functools import partial

from sqlalchemy.orm import joinedload

from registry.actions import Action
from registry.drafts.operations import draw_up, is_complete, pin_remarks
from registry.messages import N_
from registry.station_filings.deciding import (
    desk_of_maker,
    desk_of_street,
    is_not_handed_in,
    is_of_others,
    is_the_streets_to_report,
)
from registry.station_filings.models import FilingState, StationFiling
from registry.station_filings.operations import (
    close_station,
    hand_in_filing,
    has_changed,
    in_hand_beside,
    put_on_file,
    report,
    station_is_still_its_own,
)
from registry.workflow.following import bringing
from registry.workflow_table import (
    Drafting,
    Telling,
    Transition,
    Waiting,
    Workflow,
    declare_drafts,
    declare_workflow,
)

DRAFT, SUBMITTED, RETURNED = FilingState.DRAFT, FilingState.SUBMITTED, FilingState.RETURNED
REPORTED, FILED = FilingState.REPORTED, FilingState.FILED

REPORT_WORKDAYS = "station_filing.report_workdays"
FILE_WORKDAYS = "station_filing.file_workdays"


class FilingStep(StrEnum):
    """The verbs of a filing. The last three are no steps of the table: a list or a succession brings them about."""

    DRAW_UP = "draw_up"
    SUBMIT = "submit"
    REPORT = "report"
    RETURN = "return"
    TAKE_BACK = "take_back"
    FILE = "file"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    END = "end"
    REPLACE = "replace"
    CLOSE = "close"
    ADOPT = "adopt"
    SUCCEED = "succeed"
    GIVE_BACK = "give_back"


FIRST_LOOK = Waiting(
    Action.STATION_FILING_REPORT, N_("上报建站备案"), within=REPORT_WORKDAYS, desk_of=desk_of_street
)
MEND = Waiting(Action.STATION_FILING_ASK, N_("补正被退回的建站备案"), desk_of=desk_of_maker)


def _told(title: str) -> Telling:
    return Telling(Action.STATION_FILING_ASK, title, desk_of=desk_of_maker)


STATION_FILINGS = declare_workflow(
    Workflow(
        subject_type="station_filing",
        model=StationFiling,
        states=FilingState,
        see=Action.STATION_FILING_SEE,
        name_of=lambda filing: filing.site.name,
        place_of=lambda filing: filing.division_code,
        parent_of=lambda filing: filing.site,
        drafting=Drafting(Action.STATION_FILING_ASK, frozenset({DRAFT, RETURNED}), (is_of_others,)),
        start=Transition(
            FilingStep.DRAW_UP,
            frozenset(),
            DRAFT,
            Action.STATION_FILING_ASK,
            asks_facts=True,
            effect=draw_up,
        ),
        transitions=(
            Transition(
                FilingStep.SUBMIT,
                frozenset({DRAFT, RETURNED}),
                SUBMITTED,
                Action.STATION_FILING_ASK,
                bars=(is_the_streets_to_report,),
                requires=(is_complete, has_changed, station_is_still_its_own),
                effect=hand_in_filing,
                waiting=FIRST_LOOK,
            ),
            Transition(
                FilingStep.REPORT,
                frozenset({DRAFT, SUBMITTED, RETURNED}),
                REPORTED,
                Action.STATION_FILING_REPORT,
                other_than=FilingStep.SUBMIT,
                bars=(is_not_handed_in,),
                requires=(is_complete, has_changed, station_is_still_its_own),
                effect=report,
                waiting=Waiting(Action.STATION_FILING_FILE, N_("核对建站备案"), within=FILE_WORKDAYS),
            ),
            Transition(
                FilingStep.RETURN,
                frozenset({SUBMITTED}),
                RETURNED,
                Action.STATION_FILING_REPORT,
                asks_reason=True,
                pauses=REPORT_WORKDAYS,
                effect=pin_remarks,
                waiting=MEND,
            ),
            Transition(
                FilingStep.TAKE_BACK,
                frozenset({REPORTED}),
                SUBMITTED,
                Action.STATION_FILING_REPORT,
                waiting=replace(FIRST_LOOK, goes_on=True),
            ),
            Transition(
                FilingStep.FILE,
                frozenset({REPORTED}),
                FILED,
                Action.STATION_FILING_FILE,
                other_than=FilingStep.REPORT,
                requires=(station_is_still_its_own,),
                effect=partial(put_on_file, FilingStep.REPLACE),
                telling=_told(N_("建站信息已备案")),
            ),
            Transition(
                FilingStep.SEND_BACK,
                frozenset({REPORTED}),
                RETURNED,
                Action.STATION_FILING_FILE,
                asks_reason=True,
                effect=pin_remarks,
                waiting=MEND,
            ),
            Transition(
                FilingStep.WITHDRAW,
                frozenset({DRAFT, SUBMITTED, RETURNED}),
                FilingState.WITHDRAWN,
                Action.STATION_FILING_ASK,
                bars=(is_of_others,),
            ),
            Transition(
                FilingStep.CLOSE,
                frozenset({FILED}),
                FilingState.CLOSED,
                Action.STATION_FILING_FILE,
                asks_reason=True,
                effect=bringing(FilingStep.END, in_hand_beside, close_station),
                telling=_told(N_("站点已撤销备案")),
            ),
            Transition(
                FilingStep.END,
                frozenset({DRAFT, SUBMITTED, RETURNED, REPORTED}),
                FilingState.WITHDRAWN,
                Action.STATION_FILING_FILE,
                follows=True,
                telling=_told(N_("站点已撤销备案，在办的变更随之终止")),
            ),
            Transition(
                FilingStep.REPLACE,
                frozenset({FILED}),
                FilingState.REPLACED,
                Action.STATION_FILING_FILE,
                follows=True,
            ),
        ),
    )
)

declare_drafts(StationFiling, joinedload(StationFiling.site))
