"""What wants attention: each number counts a list under some filters, and leads to that list under the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.home.standing import Missed
from portal.remembering import remembered
from registry.access.actors import Actor
from registry.access.models import Role
from registry.access.rules import may, readable
from registry.actions import Action
from registry.divisions.codes import NATION
from registry.intake.models import IntakeState
from registry.intake.queries import recent_runs
from registry.listing import COUNT_CAP, Count, Listing
from registry.messages import N_
from registry.organisations.facets import Identification, Opening, PointState, StandingStatus
from registry.organisations.models import Organisation, Site
from registry.organisations.queries import SITES
from registry.workforce.facets import Horizon, InPost, ShareState
from registry.workforce.institutions import PROVIDERS
from registry.workforce.listings import PRACTITIONERS
from registry.workforce.models import Practitioner, Verification


@dataclass(frozen=True)
class Link:
    """A number in words, and the list of its rows."""

    text: str
    url: str


@dataclass(frozen=True)
class Matter:
    """One thing that wants attention, with one number or several."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class _List:
    """A listing with where it is shown and what of it the actor may see."""

    listing: Listing
    endpoint: str
    model: type
    action: Action


WITHIN = {
    Horizon.D30: N_("30日内 %(count)s 人"),
    Horizon.D90: N_("90日内 %(count)s 人"),
    Horizon.D180: N_("180日内 %(count)s 人"),
}

PEOPLE = _List(PRACTITIONERS, "workforce.index", Practitioner, Action.PRACTITIONER_SEE)
PLACES = _List(SITES, "sites.index", Site, Action.SITE_SEE)
INSTITUTIONS = _List(PROVIDERS, "providers.index", Organisation, Action.ORGANISATION_SEE)


OWN_ONLY = frozenset({Role.PROVIDER, Role.CHARITY, Role.ASSOCIATION})
"""Their home page is about their own organisation; a station's is about its street as well."""


class Desk:
    """Whose home page it is, on which day: counts lists as the actor sees them."""

    def __init__(self, session: Session, actor: Actor, on: date) -> None:
        self.session, self.actor, self.on = session, actor, on
        self.own = session.get(Organisation, actor.organisation_id) if actor.role in OWN_ONLY else None

    @property
    def place(self) -> dict[str, str]:
        """The filters that cut a list to what the actor answers for."""
        if self.own is not None:
            return {"division": NATION, "organisation": self.own.code}
        return {"division": self.actor.division_code}

    def counted(self, which: _List, filters: dict[str, str]) -> tuple[Count, str]:
        """How many rows the list has under the filters, and its address."""
        typed = self.place | filters

        def count() -> Count:
            scope = readable(which.model, self.actor, which.action)
            return which.listing.ask(typed, scope=scope, on=self.on).count(self.session)

        key = (which.endpoint, which.action, self.actor, *sorted(typed.items()), self.on)
        return remembered(key, count), url_for(which.endpoint, **typed)  # type: ignore[arg-type]  # filters, not Flask's options


def matters(desk: Desk, missed: Missed | None) -> list[Matter]:
    """Everything that is not in order, people first; what is in order is not named."""
    found = [*_of_people(desk), *_of_institutions(desk, missed), *_of_sites(desk), *_of_files(desk)]
    return [matter for matter in found if matter.links]


def overview(desk: Desk) -> list[Matter]:
    """What the actor answers for: each count with its list."""
    in_post = {"in-post": InPost.YES.value}
    open_sites = {"opening": Opening.OPEN.value}
    found = [
        Matter(_("服务场所"), _present(_sites(desk, open_sites))),
        Matter(_("在岗人员"), _present(_people(desk, in_post))),
    ]
    if desk.own is None:
        listed = {"standing": StandingStatus.LISTED.value}
        found.insert(0, Matter(_("在库机构"), _present(_institutions(desk, listed))))
    return [matter for matter in found if matter.links]


def _of_people(desk: Desk) -> Iterator[Matter]:
    in_post = {"in-post": InPost.YES.value}
    ending = (
        _people(desk, in_post | {"certificate-ends": horizon.value}, words)
        for horizon, words in WITHIN.items()
    )
    yield Matter(_("在岗人员的证书即将到期"), _present(*ending))
    posts = _people(desk, {"post-ends": Horizon.D30.value}, WITHIN[Horizon.D30])
    yield Matter(_("任职即将到期"), _present(posts))
    pending = _people(desk, in_post | {"diploma": Verification.PENDING.value}, N_("核验中 %(count)s 人"))
    yield Matter(_("在岗人员的学历尚未核验，暂不计入占比"), _present(pending))


def _of_institutions(desk: Desk, missed: Missed | None) -> Iterator[Matter]:
    if desk.own is not None:
        return
    if missed is not None:
        link = Link(_("%(count)s 家", count=f"{missed.number:,}"), missed.url)
        yield Matter(_("学历占比未达标的机构"), (link,))
    listed = {"standing": StandingStatus.LISTED.value}
    empty = _institutions(desk, listed | {"share": ShareState.NOT_APPLICABLE.value})
    yield Matter(_("在库但没有从业人员的机构"), _present(empty))
    unknown = _institutions(desk, {"credit-code": Identification.UNKNOWN.value})
    yield Matter(_("没有统一社会信用代码的单位"), _present(unknown))


def _of_sites(desk: Desk) -> Iterator[Matter]:
    missing = {"point": PointState.MISSING.value, "opening": Opening.OPEN.value}
    yield Matter(_("没有地图点位的场所"), _present(_sites(desk, missing)))


def _of_files(desk: Desk) -> Iterator[Matter]:
    """The last file, where it was refused: nothing of it was loaded."""
    runs = recent_runs(desk.session, desk.actor, limit=1) if may(desk.actor, Action.INTAKE_RUN) else []
    for run in runs:
        if run.state is IntakeState.REFUSED:
            text = _("%(count)s 处错误", count=run.errors)
            link = Link(text, url_for("intake.show", intake_run=run.code))
            yield Matter(_("最近一次导入有错误，没有导入任何一行"), (link,))


def _people(desk: Desk, filters: dict[str, str], words: str = N_("%(count)s 人")) -> Link | None:
    count, url = desk.counted(PEOPLE, filters)
    return Link(_(words, count=_shown(count)), url) if count.number else None


def _institutions(desk: Desk, filters: dict[str, str]) -> Link | None:
    count, url = desk.counted(INSTITUTIONS, filters)
    return Link(_("%(count)s 家", count=_shown(count)), url) if count.number else None


def _sites(desk: Desk, filters: dict[str, str]) -> Link | None:
    count, url = desk.counted(PLACES, filters)
    return Link(_("%(count)s 处", count=_shown(count)), url) if count.number else None


def _present(*links: Link | None) -> tuple[Link, ...]:
    return tuple(link for link in links if link is not None)


def _shown(count: Count) -> str:
    return f"{COUNT_CAP:,}+" if count.is_capped else f"{count.number:,}"
