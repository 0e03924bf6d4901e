"""The pictures of a figure page with their sentences: what the line and the bars show, for who cannot see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.formatting import day, number, word_within
from registry.divisions.models import DivisionChange
from registry.divisions.queries import changes_between, names_of
from reports.figures.bars import Absences, BarChart, bar_chart, bars_svg
from reports.figures.charts import trend_chart, trend_svg
from reports.figures.readings import Reading
from reports.figures.shares import Verdict
from reports.figures.trend import FIRST_MONTH, TrendPoint
from reports.figures.wording import percent_text, target_text


@dataclass(frozen=True)
class NumberedChange:
    """A change of divisions that the trend marks."""

    number: int
    change: DivisionChange
    names_before: Mapping[str, str]
    """By code, on the last day before: a merged division has no name afterwards."""

    def name_before(self, code: str) -> str:
        """What a division was called until then; its code where no name is known."""
        return self.names_before.get(code, code)

    @property
    def url(self) -> str:
        """What the change did, line by line."""
        return url_for("divisions.change", code=self.change.code)


@dataclass(frozen=True)
class Trend:
    """The trend of a place; without a picture where nobody was ever counted."""

    points: Sequence[TrendPoint]
    picture: Markup | None
    has_target: bool
    changes: Sequence[NumberedChange]


def drawn_trend(
    session: Session, points: Sequence[TrendPoint], *, division: str, on: date, title: str
) -> Trend:
    """The trend with the changes of divisions in the place that it spans."""
    changes = changes_between(session, division, FIRST_MONTH, on)
    chart = trend_chart(points, [one.effective_on for one in changes])
    picture = trend_svg(chart, title=title, description=trend_words(points)) if chart else None
    return Trend(
        points=points,
        picture=Markup(picture) if picture else None,  # noqa: S704  # made by ElementTree, which escapes
        has_target=chart is not None and bool(chart.targets),
        changes=[_numbered(session, i, one) for i, one in enumerate(changes, start=1)],
    )


def _numbered(session: Session, number: int, change: DivisionChange) -> NumberedChange:
    codes = [line.from_code for line in change.lines]
    return NumberedChange(number, change, names_of(session, codes, change.effective_on - timedelta(days=1)))


def trend_words(points: Sequence[TrendPoint]) -> str:
    """From where to where, against which target."""
    counted = [point for point in points if point.share.denominator]
    if not counted:
        return ""
    first, last = counted[0], counted[-1]
    places = {
        "first": day(first.on),
        "start": percent_text(first.share),
        "last": day(last.on),
        "end": percent_text(last.share),
        "target": target_text(last.share),
    }
    if last.share.target is None:
        return str(gettext("%(first)s为%(start)s，%(last)s为%(end)s。", **places))
    return str(gettext("%(first)s为%(start)s，%(last)s为%(end)s，目标%(target)s。", **places))


def drawn_bars(reading: Reading) -> Markup | None:
    """The parts in the order of their share; None where a picture says nothing."""
    chart = bar_chart(reading)
    if chart is None:
        return None
    listed = [part for part in reading.parts if not part.is_rest]
    if not reading.figure.is_share:
        return _plain_bars(reading, chart)
    missed = sum(part.share.verdict is Verdict.NOT_MET for part in listed)
    words = gettext(
        "共 %(count)s 个，%(missed)s 个未达标。", count=number(len(chart.bars)), missed=number(missed)
    )
    title = gettext("各%(level)s占比，由高到低", level=word_within(reading.by))
    return _drawn(chart, str(title), str(words))


def _plain_bars(reading: Reading, chart: BarChart) -> Markup:
    """Of a figure that is no share: nothing is reached or missed."""
    title = gettext(
        "各%(level)s%(figure)s，由高到低", level=word_within(reading.by), figure=gettext(reading.figure.title)
    )
    return _drawn(chart, str(title), str(gettext("共 %(count)s 个。", count=number(len(chart.bars)))))


def _drawn(chart: BarChart, title: str, words: str) -> Markup:
    absences = Absences(nobody=str(gettext("没有人员")), blank=str(gettext("没有入库机构")))
    svg = bars_svg(chart, title=title, description=words, absences=absences)
    return Markup(svg)  # noqa: S704  # made by ElementTree, which escapes
