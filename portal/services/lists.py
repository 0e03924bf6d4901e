"""Lists that are cut to one organisation, site or service name it by its name, not by the code in the address."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.formatting import data
from portal.listing import Chip, ListView
from portal.services.wording import fee_in_words, weekdays_in_words
from portal.translating import said
from registry.listing import Filter, Question, Row
from registry.organisations.models import Organisation, Site
from registry.services.models import Service

NAMED = MappingProxyType({"organisation": Organisation.name, "site": Site.name, "service": Service.title})
"""Filters that hold a code, and what the record with that code is called."""


def names_in(session: Session, question: Question) -> dict[str, str]:
    """The names of the records that the filters in force speak of."""
    found = {}
    for key in NAMED.keys() & question.typed.keys():
        column = NAMED[key]
        code = column.class_.code == question.typed[key]
        found[key] = session.scalar(sa.select(column).where(code)) or question.typed[key]
    return found


class NamingList(ListView):
    """A list whose chips say names."""

    def __init__(self, *arguments: Any, named: Mapping[str, str], **options: Any) -> None:
        self._named = named
        super().__init__(*arguments, **options)

    def _chip(self, item: Filter) -> Chip:
        if item.key not in self._named:
            return super()._chip(item)
        return Chip(said(item.label), str(data(self._named[item.key])), self.url(**{item.key: ""}))


class ServiceList(NamingList):
    """The list of services, with weekdays and fees in words."""

    @staticmethod
    def weekdays(row: Row) -> str:
        """周一、周三."""
        return weekdays_in_words(row.weekdays)

    @staticmethod
    def fee(row: Row) -> str:
        """免费, 20.00 元/次."""
        return fee_in_words(row.fee)
