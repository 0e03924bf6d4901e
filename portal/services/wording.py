"""Weekdays, fees and lengths of time as people say them."""

from decimal import Decimal

from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal.formatting import NOTHING, data, word
from registry.services.facets import Weekday
from registry.services.models import WEEKDAYS
from registry.services.weekdays import runs_of


def weekdays_in_words(days: str) -> str:
    """12345 is 周一至周五, 135 is 周一、周三、周五; nothing is by appointment."""
    if not days:
        return str(_("按预约"))
    if days == WEEKDAYS:
        return str(_("每天"))
    return str(_("、")).join(_run_in_words(run) for run in runs_of(days))


def fee_in_words(fee: Decimal | None, note: str = "") -> str | Markup:
    """免费, 20.00 元/次 with what is said beside it; nothing where nobody said."""
    if fee is None:
        return data(note) if note else NOTHING
    price = str(_("免费")) if fee == 0 else str(_("%(fee)s 元/次", fee=f"{fee:,.2f}"))
    if not note:
        return price
    sentence = Markup(escape(_("%(price)s（%(note)s）")))  # noqa: S704  # escaped here, and its values below
    return sentence % {"price": price, "note": data(note)}


def hours_of(minutes: int) -> str:
    """A sum of minutes in hours, to one place."""
    return f"{Decimal(minutes) / 60:,.1f}"


def _run_in_words(run: tuple[Weekday, ...]) -> str:
    if len(run) == 1:
        return word(run[0])
    return str(_("%(first)s至%(last)s", first=word(run[0]), last=word(run[-1])))
