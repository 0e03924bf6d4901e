"""What the demonstration answers, its lists cut short: the examples of the document, all of them made up (示例)."""

from typing import Any

DAY = "2026-11-23"
STREET = "310101013"

TARGET = {"numerator": 3, "denominator": 10}
PLACE = {"province": "上海市", "district": "黄浦区", "street": "外滩街道"}
PROVIDER, PROVIDER_NAME = "hhk2qcfzve", "黄浦暖阳社区康复服务中心（示例）"
MADE_UP = {"source": "示例数据", "is_example": True}

DEFINITIONS: dict[str, Any] = {
    "items": [
        {
            "code": "certified-share",
            "title": "社工持证率",
            "unit": "%",
            "numerator": "持有社会工作者职业水平证书的人员",
            "numerator_note": "持有社会工作者职业水平证书，当日在登记有效期内。",
            "denominator": "从业人员",
            "clause": "参考指标，与学历占比并列显示，人员范围相同；没有规定目标。",
            "rules": [
                {
                    "code": "assigned",
                    "title": "从事本项服务的人员",
                    "explanation": "统计当日，在已入库机构的服务场所任职、从事精神障碍社区康复服务的人员。",
                }
            ],
        }
    ]
}

READING: dict[str, Any] = {
    "code": "qualified-share",
    "division": "31",
    "on": DAY,
    "counting_rule": "assigned",
    "numerator": 450,
    "denominator": 1575,
    "target": {**TARGET, "assessed_on": "2025-12-31", "carried_on": True},
    "verdict": "not_met",
    "parts": [
        {"code": "310101", "name": "黄浦区", "numerator": 26, "denominator": 95, "verdict": "not_met"},
        {"code": "310104", "name": "徐汇区", "numerator": 39, "denominator": 125, "verdict": "met"},
    ],
}

PEOPLE: dict[str, Any] = {
    "code": "qualified-share",
    "division": STREET,
    "organisation": None,
    "on": DAY,
    "counting_rule": "assigned",
    "rows": [
        {
            "person_no": "示例000011",
            "name": "王*",
            "organisation": PROVIDER,
            "organisation_name": PROVIDER_NAME,
            "standing": "holder",
            "reason": "本科学历，专业“社会工作”（030302），已核验。",
            "until": None,
            "is_example": True,
        },
        {
            "person_no": "示例000013",
            "name": "许*强",
            "organisation": PROVIDER,
            "organisation_name": PROVIDER_NAME,
            "standing": "staff",
            "reason": "专业“行政管理”（120402）不在相关专业目录内。",
            "until": None,
            "is_example": True,
        },
    ],
}

PROVIDERS: dict[str, Any] = {
    "items": [
        {
            "code": PROVIDER,
            "name": PROVIDER_NAME,
            "kind": "social_service",
            "uscc": "52310101000000051Q",
            "division_code": STREET,
            **PLACE,
            "number": "示例沪康复2021-0024",
            "standing": "listed",
            "opening": "open",
            "sites": 2,
            **MADE_UP,
            "staff": 17,
            "qualified": 5,
            "target": TARGET,
            "share_state": "not_met",
            "merged_into": None,
        }
    ],
    "count": 2,
    "capped": False,
    "page": 1,
    "on": DAY,
    "next": None,
    "previous": None,
}

SITES: dict[str, Any] = {
    "items": [
        {
            "code": "9b8edtued8",
            "name": "黄浦暖阳社区康复服务中心外滩服务点（示例）",
            "kind": "rehabilitation",
            "organisation_code": PROVIDER,
            "organisation": PROVIDER_NAME,
            "division_code": STREET,
            **PLACE,
            "located_code": STREET,
            **{f"located_{level}": name for level, name in PLACE.items()},
            "address": "外滩街道示例中路18号",
            "latitude": 31.211251,
            "longitude": 121.489751,
            "precision": "exact",
            "opening": "open",
            **MADE_UP,
        }
    ],
    "count": 2,
    "capped": False,
    "page": 1,
    "on": DAY,
    "next": None,
    "previous": None,
}

DIVISIONS: dict[str, Any] = {
    "under": "310101",
    "on": DAY,
    "items": [
        {"code": "310101002", "name": "南京东路街道", "level": "township", "kind": "subdistrict"},
        {"code": "310101013", "name": "外滩街道", "level": "township", "kind": "subdistrict"},
    ],
}
