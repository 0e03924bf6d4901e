"""A place as the public reads it: the phone first, then where it is, when, what, and what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal.formatting import day_in_words, number, word
from registry.directory.places import PlaceState, PublicPlace
from registry.divisions.queries import names_of
from registry.organisations.models import Precision, Site, SiteKind
from registry.services.models import WEEKDAYS as ALL_DAYS
from registry.services.models import Service


@dataclass(frozen=True)
class Offer:
    """One service in words."""

    kind: str
    title: str
    when: str
    where: str
    fee: str
    places: str
    phone: str
    contact: str
    """The desk to ask for."""


@dataclass(frozen=True)
class Call:
    """One number, and what one rings it for where there are several."""

    number: str
    label: str


@dataclass(frozen=True)
class Card:
    """One place in words, made before the page is drawn."""

    place: PublicPlace
    area: tuple[str, str]
    """District and street; "" where the register does not say which."""
    phones: Sequence[Call]
    offers: Sequence[Offer]
    closed: str
    """Why nobody can go there; empty where one can."""
    lapsed: str
    """That the term of its listing is over; empty where it is not."""

    @property
    def site(self) -> Site:
        """The place itself."""
        return self.place.site

    @property
    def is_open(self) -> bool:
        """Whether one can go there today."""
        return self.place.state is PlaceState.OPEN

    @property
    def address(self) -> str:
        """District, street and door; the street once, though addresses often begin with it."""
        district, street = self.area
        place = district if self.site.address.startswith(street) else district + street
        return f"{place}{self.site.address}"

    @property
    def has_point(self) -> bool:
        """Whether it can be found on the map of its district."""
        return self.site.latitude is not None

    @property
    def is_rough(self) -> bool:
        """The point stands for the street, not for the door."""
        return self.site.precision is not Precision.EXACT


def cards_of(session: Session, places: Sequence[PublicPlace]) -> list[Card]:
    """Several places, their names read at once."""
    located = {place.site.located_code for place in places}
    names = names_of(session, {part for code in located for part in (code[:6], code[:9])})
    return [card_of(place, names) for place in places]


def card_of(place: PublicPlace, names: Mapping[str, str]) -> Card:
    """One place, with the names of divisions by code."""
    code = place.site.located_code
    area = names.get(code[:6], ""), names.get(code[:9], "") if len(code) >= 9 else ""
    return Card(
        place=place,
        area=area,
        phones=calls_of(place),
        offers=[offer_of(service) for service in place.services],
        closed=closing(place),
        lapsed=lapsed(place),
    )


def calls_of(place: PublicPlace) -> list[Call]:
    """对外联系电话, then those of the services; a number that stands alone needs no word."""
    if len(place.phones) < 2:
        return [Call(phone, "") for phone in place.phones]
    return [
        Call(phone, str(_("对外联系电话") if phone == place.told.phone else _("服务预约")))
        for phone in place.phones
    ]


def offer_of(service: Service) -> Offer:
    """One service."""
    places = ngettext("每次%(num)s人", "每次%(num)s人", service.capacity) if service.capacity else ""
    return Offer(
        kind=word(service.kind),
        title=service.title,
        when=when_of(service),
        where=service.place,
        fee=fee_of(service),
        places=str(places),
        phone=service.phone,
        contact=service.contact,
    )


def when_of(service: Service) -> str:
    """周一、周三、周五 09:00–11:30; by appointment where no day is fixed."""
    days = days_in_words(service.weekdays)
    return f"{days} {service.hours}".strip()


def days_in_words(weekdays: str) -> str:
    """135 as Monday, Wednesday, Friday."""
    if not weekdays:
        return str(_("需预约"))
    if weekdays == ALL_DAYS:
        return str(_("每天"))
    if weekdays == "12345":
        return str(_("周一至周五"))
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return str(_("、")).join(str(names[int(one) - 1]) for one in weekdays if one in ALL_DAYS)


def fee_of(service: Service) -> str:
    """免费, or so many yuan, with the note beside it; a fee that nobody knows is to be asked for."""
    if service.fee is None:
        said = str(_("收费情况请电话咨询"))
    elif service.is_free:
        said = str(_("免费"))
    else:
        said = str(
            _("每次%(yuan)s元", yuan=number(service.fee.normalize() if service.fee % 1 else int(service.fee)))
        )
    return f"{said}（{service.fee_note}）" if service.fee_note else said


def lapsed(place: PublicPlace) -> str:
    """What the public is told of a listing that was not renewed in time, in one sentence."""
    if place.valid_until is None:
        return ""
    day = day_in_words(place.valid_until)
    return str(_("这家机构的入库有效期已过（至%(day)s），尚未办理续期，请先打电话问清。", day=day))


def closing(place: PublicPlace) -> str:
    """Why a place does not serve, in one sentence."""
    day = day_in_words(place.since)
    if place.state is PlaceState.CLOSED:
        return str(_("这里已于%(day)s停止服务，请改询下面的服务点。", day=day))
    if place.state is PlaceState.LEFT and place.site.kind is SiteKind.STATION:
        return str(_("这个站点已于%(day)s撤销备案，请改询下面的服务点。", day=day))
    if place.state is PlaceState.LEFT:
        return str(_("这家机构自%(day)s起不再是登记在册的服务机构，请改询下面的服务点。", day=day))
    if place.state is PlaceState.SUSPENDED:
        return str(_("这家机构的入库资格已暂停，目前不受理，请改询下面的服务点。"))
    if place.state is PlaceState.NOT_YET:
        return str(_("这里将于%(day)s开始服务，在此之前请询下面的服务点。", day=day))
    return ""
