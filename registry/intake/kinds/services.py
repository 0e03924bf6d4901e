"""The columns of the workbook of services."""

from registry.actions import Action
from registry.intake.declaration import Column, WorkbookKind
from registry.intake.kinds.own_sites import NAMING_A_SITE
from registry.intake.kinds.service_rows import ServiceRow, apply, hand_in, judge, prepare, weekdays
from registry.intake.parsers import Choice
from registry.messages import N_
from registry.parsing import code_text, day, integer, text
from registry.services.facets import Charge
from registry.services.models import ServiceKind

KINDS_OF_SERVICE = Choice(ServiceKind)
CHARGES = Choice(Charge, {"不收费": Charge.FREE})

SERVICES = WorkbookKind(
    code="services",
    zh="服务项目申报",
    en="Service reports",
    version=1,
    columns=(
        *NAMING_A_SITE,
        Column(
            key="kind",
            zh="服务类别",
            en="Kind",
            parse=KINDS_OF_SERVICE,
            choices=KINDS_OF_SERVICE.terms,
            required=True,
            hint_zh="从下拉列表中选择；前九类为国家工作规范列明的类别。",
            hint_en="Choose from the list.",
            example="生活技能训练",
        ),
        Column(
            key="title",
            zh="项目名称",
            en="Title",
            parse=text(60),
            required=True,
            aliases=("服务项目",),
            hint_zh="导入后作为申报提交区县，区县确认后才公布；同一站点靠它认出已登记的项目。",
            hint_en="Each row is reported to the district, which confirms it; a service is recognised by its title.",
            example="生活技能小组",
            width=24,
        ),
        Column(
            key="place",
            zh="地点",
            en="Place",
            parse=text(60),
            hint_zh="楼层或房间。",
            hint_en="The floor or room.",
            example="二楼活动室",
        ),
        Column(
            key="weekdays",
            zh="开放日",
            en="Weekdays",
            parse=weekdays,
            hint_zh="如“周一、周三”“周一至周五”；按预约的留空。",
            hint_en="Such as 1,3 for Monday and Wednesday, or 1-5; blank for by appointment.",
            example="周一、周三",
        ),
        Column(
            key="hours",
            zh="时间",
            en="Hours",
            parse=text(60),
            required=True,
            hint_zh="如09:00–11:30。",
            hint_en="Such as 09:00–11:30.",
            example="09:00–11:30",
        ),
        Column(
            key="capacity",
            zh="名额",
            en="Capacity",
            parse=integer,
            hint_zh="同一时间最多几人；不限的留空。",
            hint_en="How many people at one time; blank where there is no limit.",
            example="12",
        ),
        Column(
            key="charge",
            zh="收费",
            en="Charge",
            parse=CHARGES,
            choices=CHARGES.terms,
            hint_zh="留空时，填了每次收费的按收费，没有填的按免费。",
            hint_en="Left blank, it is paid where a fee is given and free where none is.",
            example="免费",
        ),
        Column(
            key="fee",
            zh="每次收费（元）",
            en="Fee (yuan)",
            parse=text(20),
            aliases=("每次收费", "收费（元/次）"),
            hint_zh="收费的填金额，最多两位小数；免费的留空。",
            hint_en="The amount a time where it is paid; blank where it is free.",
        ),
        Column(
            key="fee_note",
            zh="收费说明",
            en="Note on the fee",
            parse=text(60),
            hint_zh="如午餐另付。",
            hint_en="Such as: lunch not included.",
        ),
        Column(
            key="contact",
            zh="联系岗位",
            en="Contact",
            parse=text(30),
            required=True,
            hint_zh="写岗位，不写个人姓名；会对外公布。",
            hint_en="The desk to ask for, no person's name; it is published.",
            example="值班社工",
        ),
        Column(
            key="phone",
            zh="联系电话",
            en="Phone",
            parse=code_text(40),
            required=True,
            hint_zh="单位的公开电话，会对外公布。",
            hint_en="The public telephone of the organisation; it is published.",
            example="021-00000000",
        ),
        Column(
            key="effective_on",
            zh="开始日期",
            en="Offered from",
            parse=day,
            hint_zh="新项目必填，如2026-12-01；变更已有项目的留空，区县确认后即生效。",
            hint_en="Required for a new service; blank for a change, which holds once it is confirmed.",
            example="2026-12-01",
        ),
        Column(
            key="explanation",
            zh="申报说明",
            en="Explanation",
            parse=text(1000),
            hint_zh="为什么增加或变更，供区县确认时参考。",
            hint_en="Why it is added or changed, for the district to consider.",
            width=28,
        ),
    ),
    row_type=ServiceRow,
    identity=lambda row: (
        None
    ),  # a site that is left blank is known only beside the register; the judge compares
    prepare=prepare,
    judge=judge,
    apply=apply,
    followed_by=hand_in,
    then=N_("每一行已作为服务项目申报提交区县确认，确认后才对外公布。"),
    action=Action.SERVICE_REPORT_ASK,
)
