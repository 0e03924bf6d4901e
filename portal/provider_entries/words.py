"""What the pages of an entry say: of its states, of its steps, above its answers."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.drafts.kinds import DraftedKind, Facts, StepWords
from portal.formatting import data, day, word
from registry.actions import Action
from registry.organisations.address_change_queries import place_names
from registry.provider_entries.models import EntryKind, EntryState, ProviderEntry
from registry.provider_entries.operations import defence_until
from registry.provider_entries.queries import WHOLE
from registry.provider_entries.workflow import EntryStep

STATES = {
    EntryState.DRAFT: "draft",
    EntryState.SUBMITTED: "active",
    EntryState.RETURNED: "returned",
    EntryState.CHECKED: "active",
    EntryState.LISTED: "done",
    EntryState.LEAVING: "late",
    EntryState.DECIDING: "waiting",
    EntryState.LEFT: "ended",
    EntryState.REPLACED: "ended",
    EntryState.WITHDRAWN: "ended",
}

WORDS = {
    EntryStep.SUBMIT: StepWords(
        _l("提交后由区县初核。初核之前可以撤回；退回补正时，已填的内容都会保留。"),
        _l("已提交，等待区县初核。办理期限见下方办理过程。"),
    ),
    EntryStep.RETURN: StepWords(
        _l("写明原因即可退回；可以对单项内容另写意见。机构已填的内容不会改动。"),
        _l("已退回机构补正。"),
    ),
    EntryStep.CHECK: StepWords(_l("初核通过后送上一级确认。"), _l("初核已通过，等待确认。")),
    EntryStep.TAKE_BACK: StepWords(
        _l("上一级尚未确认，可以撤销初核；材料回到待初核。"), _l("已撤销初核，材料回到待初核。")
    ),
    EntryStep.SEND_BACK: StepWords(
        _l("写明原因即可退回；可以对单项内容另写意见。材料退回机构，补正后重新初核。"),
        _l("已退回机构补正。"),
    ),
    EntryStep.CONFIRM: StepWords(
        _l("确认后机构在库，编号永久有效，公众可以查询。"), _l("已确认入库，机构可以打印入库信息凭证。")
    ),
    EntryStep.WITHDRAW: StepWords(
        _l("撤回后这份材料不再办理，登记的内容不变。"), _l("已撤回，登记的内容不变。")
    ),
    EntryStep.SUSPEND: StepWords(
        _l(
            "暂停期间机构仍在库，公众查询不再列出，凭证会注明已暂停；在办的变更和续期会退回。只有恢复资格才结束暂停。"
        ),
        _l("已暂停入库资格，机构会收到通知。"),
    ),
    EntryStep.RESUME: StepWords(_l("恢复后公众可以查询，机构可以办理变更和续期。"), _l("已恢复入库资格。")),
    EntryStep.NOTIFY: StepWords(
        _l("告知机构拟退出的事实和理由。机构可以在申辩期内陈述申辩，期满或申辩之后由确认层级决定。"),
        _l("已告知机构，申辩期开始计算。"),
    ),
    EntryStep.DEFEND: StepWords(
        _l("写明您的陈述和申辩，由确认层级决定去留。"), _l("陈述申辩已送达，等待决定。")
    ),
    EntryStep.ASK_TO_LEAVE: StepWords(
        _l("写明退出的原因和服务对象的安置办法，由确认层级决定。"), _l("退出申请已送达，等待决定。")
    ),
    EntryStep.KEEP: StepWords(
        _l("写明保留在库的理由。资格已暂停的仍然暂停，由区县恢复。"), _l("机构保留在库。")
    ),
    EntryStep.REMOVE: StepWords(
        _l("写明退出的事实、理由和依据。退出后编号不再使用，也不会给其他机构；在办的变更和续期随之终止。"),
        _l("机构已退出，查询页和凭证会注明。"),
    ),
}


DOES = {
    (EntryKind.CHANGE, EntryStep.CONFIRM): _l("确认变更"),
    (EntryKind.RENEWAL, EntryStep.CONFIRM): _l("确认续期"),
}

SAID = {
    (EntryKind.CHANGE, EntryStep.CONFIRM): StepWords(
        _l("确认后按变更后的内容登记，编号不变。"), _l("已确认变更，登记的内容已更新。")
    ),
    (EntryKind.RENEWAL, EntryStep.CONFIRM): StepWords(
        _l("确认后有效期重新起算，编号不变。"), _l("已确认续期，机构可以打印新的入库信息凭证。")
    ),
}


def facts_of(session: Session, entry: ProviderEntry, _on: date) -> Facts:
    """Whose entry it is, where, and what it led to."""
    place = place_names(session, (entry.division_code,))[entry.division_code]
    found: list[tuple[str, Any]] = [
        (_("申请类型"), word(entry.kind)),
        (_("机构"), data(entry.organisation.name)),
        (_("统一社会信用代码"), entry.organisation.uscc or ""),
        (_("服务场所"), data(f"{entry.site.name}（{entry.site.address}）")),
        (_("负责区划"), data(place)),
    ]
    if entry.standing is not None:
        found += [
            (_("入库编号"), data(entry.standing.number)),
            (_("入库日期"), day(entry.standing.granted_on)),
        ]
    if entry.valid_until is not None:
        found.append((_("有效期至"), day(entry.valid_until)))
    if entry.suspended_on is not None:
        found.append((_("暂停日期"), day(entry.suspended_on)))
    until = defence_until(session, entry)
    if until is not None:
        found.append((_("陈述申辩期至"), day(until)))
    return tuple(found)


KIND = DraftedKind(
    name="provider_entries",
    model=ProviderEntry,
    title=_l("机构入库"),
    see=Action.PROVIDER_ENTRY_SEE,
    ask=Action.PROVIDER_ENTRY_ASK,
    load=WHOLE,
    steps=EntryStep,
    submit=EntryStep.SUBMIT,
    states=STATES,
    marks_of=lambda entry, on: entry.marks_on(on),
    words=WORDS,
    does=DOES,
    said=SAID,
    facts_of=facts_of,
    main=frozenset({EntryStep.CHECK, EntryStep.CONFIRM, EntryStep.DEFEND, EntryStep.KEEP}),
    direct=frozenset({EntryStep.CHECK, EntryStep.CONFIRM}),
    remarked=frozenset({EntryStep.RETURN, EntryStep.SEND_BACK}),
)
