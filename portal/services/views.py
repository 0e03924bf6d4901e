"""Services as pages show them: in words, and whether one can come."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from portal.formatting import data, day, number, word
from portal.services.wording import fee_in_words, weekdays_in_words
from registry.services.facets import Offer
from registry.services.models import Service

OFFER_KINDS = {Offer.OFFERED: "done", Offer.COMING: "waiting", Offer.ENDED: "ended"}


@dataclass(frozen=True)
class ServiceLine:
    """A service in the list on the page of its organisation or site."""

    service: Service
    days: str
    fee: str
    offer: Offer
    kind: str


def offer_of(service: Service, on: date) -> Offer:
    """Whether one can come."""
    if service.ended_on is not None and service.ended_on <= on:
        return Offer.ENDED
    return Offer.COMING if service.started_on > on else Offer.OFFERED


def service_lines(services: list[Service], on: date) -> list[ServiceLine]:
    """Each service in words."""
    return [
        ServiceLine(
            one,
            weekdays_in_words(one.weekdays),
            fee_in_words(one.fee),
            offer_of(one, on),
            OFFER_KINDS[offer_of(one, on)],
        )
        for one in services
    ]


def service_facts(service: Service) -> list[tuple[str, str]]:
    """What whoever wants to come has to know."""
    return [
        (_("服务类别"), word(service.kind)),
        (_("项目名称"), data(service.title)),
        (_("地点"), data(service.place)),
        (_("开放日"), weekdays_in_words(service.weekdays)),
        (_("时间"), data(service.hours)),
        (_("名额"), _("不限") if service.capacity is None else number(service.capacity)),
        (_("收费"), fee_in_words(service.fee, service.fee_note)),
        (_("联系岗位"), data(service.contact)),
        (_("联系电话"), data(service.phone)),
        (_("开始日期"), day(service.started_on)),
        (_("停止日期"), day(service.ended_on)),
    ]
