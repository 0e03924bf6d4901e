"""Workbooks to try the intake with, of training, services, activities and legal entities, with named faults."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.identifiers import example_uscc
from portal.demo.named_providers import site_key
from portal.demo.roster import Row
from portal.demo.samples import Gettext, workbook
from portal.demo.training import PROVIDER
from portal.demo.writing import Written
from registry.organisations.models import OrganisationKind, Site
from registry.workforce.models import Post, Practitioner

TRAINING_FAULTY = "示例-人员培训-含错误.xlsx"
SERVICES_FAULTY = "示例-服务项目申报-含错误.xlsx"
ACTIVITIES_FAULTY = "示例-活动记录-含错误.xlsx"
ORGANISATIONS_FAULTY = "示例-法人单位-含错误.xlsx"


def more_samples(
    session: Session, written: Written, *, today: date, gettext: Gettext = str
) -> Mapping[str, bytes]:
    """The first three are of the provider account's own place."""
    keys = sorted(key for key in written.sites if key.startswith(site_key(PROVIDER)))
    site = session.get_one(Site, written.sites[keys[0]])
    rows = {
        TRAINING_FAULTY: ("training", _training(_people(session, site, today))),
        SERVICES_FAULTY: ("services", _services(site, today)),
        ACTIVITIES_FAULTY: ("activities", _activities(site, today)),
        ORGANISATIONS_FAULTY: ("organisations", ORGANISATIONS),
    }
    return {name: workbook(kind, listed, gettext) for name, (kind, listed) in rows.items()}


def _people(session: Session, site: Site, today: date) -> Sequence[Practitioner]:
    """Six who work there today."""
    held = sa.or_(Post.end_on.is_(None), Post.end_on > today)
    people = sa.select(Practitioner).join(Post).where(Post.site_id == site.id, held)
    return session.scalars(people.order_by(Practitioner.id).limit(6)).unique().all()


def _training(people: Sequence[Practitioner]) -> list[Row]:
    """Another name than the number's, hours in words, a day that does not exist, no subject; two rows are right."""
    faults: tuple[Row, ...] = (
        {},
        {"name": "示例误写"},
        {"hours": "八小时"},
        {"held_on": "2026/9/31"},
        {"subject": None},
        {},
    )
    return [
        {
            "person_no": person.person_no,
            "name": person.name,
            "held_on": date(2026, 10, 23),
            "hours": 8,
            "subject": "严重精神障碍复发征兆识别",
            "organiser": "示例市精神卫生中心",
            "proof_no": f"示例培2026{number:03d}",
            "is_rehabilitation": "是",
            "is_continuing": "否",
        }
        | fault
        for number, (person, fault) in enumerate(zip(people, faults, strict=False), start=101)
    ]


def _services(site: Site, today: date) -> list[Row]:
    """An unknown kind, a weekday that does not exist, a fee that is not said, no phone number; two rows are right."""
    service: Row = {
        "site_code": site.code,
        "kind": "生活技能训练",
        "title": "衣物整理小组",
        "weekdays": "周二、周四",
        "hours": "14:00–15:30",
        "capacity": 10,
        "charge": "免费",
        "contact": "值班社工",
        "phone": "021-00000000",
        "effective_on": today + timedelta(days=14),
    }
    return [
        service,
        service | {"kind": "广场舞", "title": "晨间律动"},
        service | {"weekdays": "周八", "title": "买菜做饭小组"},
        service | {"charge": "收费", "title": "园艺小组"},
        service | {"phone": "见门口公告", "title": "读报小组"},
        service | {"kind": "同伴支持", "title": "同路人茶话会", "weekdays": "周六"},
    ]


def _activities(site: Site, today: date) -> list[Row]:
    """Of tomorrow, persons in words, fewer person-times than persons, no minutes; two rows are right."""
    activity: Row = {
        "site_code": site.code,
        "held_on": today - timedelta(days=2),
        "kind": "生活技能训练",
        "persons": 9,
        "person_times": 9,
        "minutes": 90,
    }
    return [
        activity,
        activity | {"held_on": today + timedelta(days=1)},
        activity | {"kind": "社交技能训练", "persons": "十二"},
        activity | {"kind": "服药训练", "person_times": 5},
        activity | {"kind": "同伴支持", "minutes": None},
        activity | {"held_on": today - timedelta(days=3)},
    ]


def _entity(number: int, name: str) -> Row:
    return {
        "name": f"{name}（示例）",
        "uscc": example_uscc(OrganisationKind.SOCIAL_SERVICE, "310101013", 9700 + number),
        "kind": "社会服务机构",
        "division_code": "310101013",
        "opened_on": date(2024, 5, 6),
        "source": "示例数据",
    }


ORGANISATIONS: tuple[Row, ...] = (
    _entity(1, "黄浦青禾社会工作服务中心"),
    _entity(2, "黄浦拾光社会工作服务中心") | {"uscc": "523101010000910220"},
    _entity(3, "黄浦晚晴社会工作服务中心") | {"division_code": "310199001"},
    _entity(4, "黄浦长风社会工作服务中心") | {"closed_on": date(2023, 1, 1)},
    _entity(5, "黄浦望春社会工作服务中心"),
)
"""A wrong check character, an unknown division, an end before the beginning; two rows are right."""
