"""What the pages of a filing say: of its states, of its steps, above its answers."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.drafts.kinds import DraftedKind, Facts, StepWords
from portal.formatting import data, day, word
from registry.access.actors import Actor
from registry.access.models import Role
from registry.actions import Action
from registry.organisations.address_change_queries import place_names
from registry.station_filings.models import FilingState, StationFiling
from registry.station_filings.queries import WHOLE
from registry.station_filings.workflow import FilingStep

STATES = {
    FilingState.DRAFT: "draft",
    FilingState.SUBMITTED: "active",
    FilingState.RETURNED: "returned",
    FilingState.REPORTED: "active",
    FilingState.FILED: "done",
    FilingState.CLOSED: "ended",
    FilingState.REPLACED: "ended",
    FilingState.WITHDRAWN: "ended",
}

WORDS = {
    FilingStep.SUBMIT: StepWords(
        _l("提交后由街镇核实上报。上报之前可以撤回；退回补正时，已填的内容都会保留。"),
        _l("已提交，等待街镇上报。办理期限见下方办理过程。"),
    ),
    FilingStep.REPORT: StepWords(_l("核实后上报区县核对；街镇代填的，填好后由此上报。"), _l("已上报区县。")),
    FilingStep.RETURN: StepWords(
        _l("写明原因即可退回；可以对单项内容另写意见。站点已填的内容不会改动。"), _l("已退回站点补正。")
    ),
    FilingStep.TAKE_BACK: StepWords(
        _l("区县尚未核对，可以撤销上报；材料回到待上报。"), _l("已撤销上报，材料回到待上报。")
    ),
    FilingStep.FILE: StepWords(_l("核对无误后备案，公众可以查询。"), _l("已备案。")),
    FilingStep.SEND_BACK: StepWords(
        _l("写明原因即可退回；可以对单项内容另写意见。材料退回站点，补正后重新上报。"),
        _l("已退回站点补正。"),
    ),
    FilingStep.WITHDRAW: StepWords(
        _l("撤回后这份材料不再办理，登记的内容不变。"), _l("已撤回，登记的内容不变。")
    ),
    FilingStep.CLOSE: StepWords(_l("写明撤销站点的原因和居民转往何处办理。"), _l("站点已撤销备案。")),
}


def facts_of(session: Session, filing: StationFiling, _on: date) -> Facts:
    """Which station it is, where, and what it led to."""
    place = place_names(session, (filing.division_code,))[filing.division_code]
    found: list[tuple[str, Any]] = [
        (_("申请类型"), word(filing.kind)),
        (_("站点"), data(f"{filing.site.name}（{filing.site.address}）")),
        (_("所属机构"), data(filing.organisation.name)),
        (_("负责区划"), data(place)),
    ]
    if filing.is_by_street:
        found.append((_("填写方式"), _("站点没有账号，由街镇代为填报")))
    if filing.standing is not None:
        found.append((_("备案编号"), data(filing.standing.number)))
    if filing.filed_on is not None:
        found.append((_("备案日期"), day(filing.filed_on)))
    return tuple(found)


def handing_in(filing: StationFiling, actor: Actor) -> FilingStep:
    """A station hands in to its street; the street reports at once what it filled in itself."""
    return FilingStep.REPORT if filing.is_by_street and actor.role is Role.STREET else FilingStep.SUBMIT


KIND = DraftedKind(
    name="station_filings",
    model=StationFiling,
    title=_l("建站备案"),
    see=Action.STATION_FILING_SEE,
    ask=Action.STATION_FILING_ASK,
    load=WHOLE,
    steps=FilingStep,
    submit=FilingStep.SUBMIT,
    states=STATES,
    words=WORDS,
    facts_of=facts_of,
    main=frozenset({FilingStep.REPORT, FilingStep.FILE}),
    direct=frozenset({FilingStep.REPORT, FilingStep.FILE}),
    handing_in=handing_in,
    names_typists=lambda filing: filing.is_by_street,
    remarked=frozenset({FilingStep.RETURN, FilingStep.SEND_BACK}),
)
