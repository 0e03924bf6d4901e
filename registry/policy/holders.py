"""Targets and parameters of a place hold for its successor too: a division change carries them over."""

from registry.divisions.holders import Carried, declare_carried
from registry.messages import N_, message
from registry.policy.models import Parameter, Target

declare_carried(
    Carried(
        message(N_("考核目标")),
        Target,
        Target.division_code,
        Target.figure_code,
        Target.valid_from,
        Target.figure_code,
    )
)
declare_carried(
    Carried(
        message(N_("本地政策参数")),
        Parameter,
        Parameter.division_code,
        Parameter.key,
        Parameter.valid_from,
        Parameter.title,
    )
)
