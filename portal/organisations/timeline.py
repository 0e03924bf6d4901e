"""What happened to an institution and its sites, newest first: from their periods and from the workflow's steps."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from portal.formatting import with_data, word, word_within
from portal.successions.views import notices_of
from registry.access.actors import Actor
from registry.access.rules import readable
from registry.actions import Action
from registry.clock import today
from registry.organisations.address_change_queries import changes_at, place_names
from registry.organisations.models import AddressChange, Organisation, Site, SitePlacement, Standing
from registry.organisations.workflow import ADDRESS_CHANGES, AddressChangeStep
from registry.successions.queries import successions_of
from registry.workflow.queries import steps_of

PRIVATE_STEPS = frozenset({AddressChangeStep.DRAW_UP, AddressChangeStep.SAVE})


@dataclass(frozen=True)
class Event:
    """One line of the timeline."""

    on: date
    sentence: Markup
    by: str = ""
    url: str = ""


def of_organisation(session: Session, organisation: Organisation, actor: Actor) -> list[Event]:
    """The institution's own days with those of its sites."""
    standings = (event for standing in organisation.standings for event in _standing(standing))
    sites = _periods_of(session, organisation.sites)
    asked = _address_changes(session, organisation.sites, actor)
    followed = _successions(session, organisation)
    return _newest_first([*_openings(organisation), *standings, *sites, *asked, *followed])


def of_site(session: Session, site: Site, actor: Actor) -> list[Event]:
    """Opened, moved, closed, and what was asked for in between."""
    return _newest_first([*_periods_of(session, [site]), *_address_changes(session, [site], actor)])


def _periods_of(session: Session, sites: Sequence[Site]) -> Iterator[Event]:
    names = place_names(session, {period.division_code for site in sites for period in site.placements})
    for site in sites:
        if site.opened_on:
            yield Event(site.opened_on, with_data(_("服务场所“%(name)s”启用"), name=site.name))
        for before, after in pairwise(sorted(site.placements, key=lambda period: period.valid_from)):
            yield Event(after.valid_from, _change_of(site, before, after, names))
        if site.closed_on:
            yield Event(site.closed_on, with_data(_("服务场所“%(name)s”停用"), name=site.name))


def _change_of(site: Site, before: SitePlacement, after: SitePlacement, names: Mapping[str, str]) -> Markup:
    """A division change begins a placement too, and nobody moved."""
    if after.address != before.address:
        sentence = _("服务场所“%(name)s”迁至%(address)s")
        return with_data(sentence, name=site.name, address=after.address)
    sentence = _("服务场所“%(name)s”地址不变，负责区划由%(before)s（%(old)s）变为%(after)s（%(new)s）")
    old, new = before.division_code, after.division_code
    return with_data(sentence, name=site.name, before=names[old], old=old, after=names[new], new=new)


def _address_changes(session: Session, sites: Sequence[Site], actor: Actor) -> Iterator[Event]:
    """The steps that are news to others, of the changes that the actor may see."""
    scope = readable(AddressChange, actor, Action.ADDRESS_CHANGE_SEE)
    changes = {change.id: change for change in changes_at(session, [site.id for site in sites], scope)}
    for step in steps_of(session, ADDRESS_CHANGES.subject_type, list(changes)) if changes else ():
        taken = AddressChangeStep(step.step)
        if taken in PRIVATE_STEPS:
            continue
        change = changes[step.subject_id]
        sentence = with_data(
            _("地址变更：%(step)s（%(address)s）"), step=word_within(taken), address=change.address
        )
        url = url_for("address_changes.show", address_change=change.code)
        yield Event(today(step.at), sentence, by=step.actor_name, url=url)


def _successions(session: Session, organisation: Organisation) -> Iterator[Event]:
    """Into whom it went and whom it took over."""
    found = successions_of(session, organisation.id)
    for sentence, succession, url in notices_of(organisation, found):
        yield Event(succession.on, sentence, by=succession.recorded_by, url=url)


def _newest_first(events: Iterable[Event]) -> list[Event]:
    """What lies ahead comes before everything."""
    return sorted(events, key=lambda event: event.on, reverse=True)


def _openings(organisation: Organisation) -> Iterator[Event]:
    if organisation.opened_on:
        yield Event(organisation.opened_on, escape(_("单位成立")))
    if organisation.closed_on:
        yield Event(organisation.closed_on, escape(_("单位终止")))


def _standing(standing: Standing) -> Iterator[Event]:
    kind = word(standing.kind)
    yield Event(
        standing.granted_on, with_data(_("%(kind)s，编号%(number)s"), kind=kind, number=standing.number)
    )
    if standing.ended_on:
        sentence = _("%(kind)s终止，编号%(number)s")
        yield Event(standing.ended_on, with_data(sentence, kind=kind, number=standing.number))
