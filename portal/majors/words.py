"""What the pages of a proposal's steps say."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.majors.workflow import MajorChangeStep
from registry.messages import N_


@dataclass(frozen=True)
class Words:
    """Of one step: msgids."""

    does: str
    lead: str
    button: str
    done: str
    leads_to_rehearsal: bool = False


WORDS: Mapping[MajorChangeStep, Words] = {
    MajorChangeStep.SUBMIT: Words(
        does=N_("提交复核"),
        lead=N_("请先看过预演。提交后由没有经手本方案的另一人复核发布，发布之前任何数字都不变。"),
        button=N_("提交复核"),
        done=N_("方案已提交，等待另一人复核发布。"),
        leads_to_rehearsal=True,
    ),
    MajorChangeStep.PUBLISH: Words(
        does=N_("复核发布"),
        lead=N_(
            "请核对依据文件、生效日期和预演结果。发布后，原规定到生效日期为止，新规定自生效日期起计算；您的姓名作为发布人写入目录并记入操作留痕。"
        ),
        button=N_("发布"),
        done=N_("方案已发布，专业目录自生效日期起按新的规定计算。"),
    ),
    MajorChangeStep.RETURN: Words(
        does=N_("退回调整方案"),
        lead=N_("退回后由起草的一方修改，再提交复核。"),
        button=N_("退回"),
        done=N_("方案已退回，起草的一方会看到原因。"),
    ),
    MajorChangeStep.WITHDRAW: Words(
        does=N_("撤回调整方案"),
        lead=N_("撤回后方案不再办理，专业目录不变；内容仍可查看。"),
        button=N_("撤回"),
        done=N_("方案已撤回。"),
    ),
}
