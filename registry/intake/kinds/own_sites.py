"""What an organisation sends in of its own sites: the columns that name one, and how it is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.intake.declaration import Column, Findings
from registry.messages import N_, message
from registry.organisations.models import Site
from registry.parsing import code_text, text
from registry.services.queries import SITE_OF

NAMING_A_SITE = (
    Column(
        key="site_code",
        zh="站点编号",
        en="Site code",
        parse=code_text(16),
        aliases=("场所编号",),
        hint_zh="本机构站点的编号；不知道的留空，改填站点名称。",
        hint_en="The code of one of your sites; where it is not known, fill the next column.",
    ),
    Column(
        key="site_name",
        zh="站点名称",
        en="Site",
        parse=text(),
        aliases=("服务场所",),
        hint_zh="本机构只有一个站点时可以留空。",
        hint_en="May be left blank where you have one site.",
        width=28,
    ),
)


class OfSite(Protocol):
    """What of a row names its site."""

    @property
    def number(self) -> int: ...

    @property
    def site_code(self) -> str | None: ...

    @property
    def site_name(self) -> str | None: ...


@dataclass(frozen=True)
class OwnSites:
    """The sites of the organisation that sends the file; those of others are not known here."""

    sites: Sequence[Site]

    @classmethod
    def load(cls, session: Session, organisation_id: int | None) -> "OwnSites":
        """All of them, closed ones too: what took place there is entered late."""
        own = sa.select(Site).where(Site.organisation_id == organisation_id).options(*SITE_OF)
        return cls(session.scalars(own.order_by(Site.id)).all())

    def named_by(self, row: OfSite) -> Site | None:
        """By its code, by its name where one site alone has it, or the only one."""
        if row.site_code:
            return next((site for site in self.sites if site.code == row.site_code), None)
        found = [site for site in self.sites if row.site_name in (None, site.name)]
        return found[0] if len(found) == 1 else None

    def find(self, row: OfSite, findings: Findings) -> Site | None:
        """The same, with a finding where there is none."""
        site = self.named_by(row)
        if site is None and not findings.is_flawed(row.number, "site_code"):
            key = "site_code" if row.site_code or not row.site_name else "site_name"
            findings.error(
                row.number,
                key,
                message(N_("认不出是本机构的哪一个站点。")),
                message(N_("请填写本机构站点的编号或全称；有几个站点的不能留空。")),
            )
        return site
