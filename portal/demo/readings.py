"""What the portal would have kept over time: the frozen readings of three years' ends, and the nightly ones of late."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from portal.demo.districts import ASSESSED_ON
from portal.nightly import ASSESSMENTS, do_part, freeze_year_end, parts_of_night
from registry.clock import SHANGHAI
from registry.policy.operations import sign_frozen
from reports.figures.definitions import FIGURES, QUALIFIED_SHARE, STAFF, TRAINED_SHARE, FigureDefinition

NIGHTS = 7
NIGHT = time(2, 10)
CITY_SIGNER, HUANGPU_SIGNER, JINGAN_SIGNER = "示例市级经办", "示例黄浦区经办", "示例静安区经办"
Signers = Mapping[str, str]
SIGNED: tuple[tuple[FigureDefinition, date, Signers], ...] = (
    (
        QUALIFIED_SHARE,
        date(2023, 12, 31),
        {"31": CITY_SIGNER, "310101": HUANGPU_SIGNER, "310106": JINGAN_SIGNER},
    ),
    (QUALIFIED_SHARE, date(2024, 12, 31), {"31": CITY_SIGNER, "310101": HUANGPU_SIGNER}),
    (QUALIFIED_SHARE, ASSESSED_ON, {"31": CITY_SIGNER, "310101": HUANGPU_SIGNER}),
    (STAFF, ASSESSED_ON, {"31": CITY_SIGNER, "310106": JINGAN_SIGNER}),
)
"""Who answered for which number in the January after; the other districts have not signed yet."""


def freeze_papers(session: Session) -> None:
    """The ends of 2023, 2024 and 2025 as they were on the night after, of all that posts and papers tell."""
    do_part(session, ASSESSMENTS, ASSESSED_ON, _night_after(ASSESSED_ON))
    _freeze(session, (one for one in FIGURES.values() if one is not TRAINED_SHARE))


def freeze_training(session: Session) -> None:
    """The same of training, once the courses are written."""
    _freeze(session, [TRAINED_SHARE])


def sign(session: Session) -> None:
    """Some answer for their numbers."""
    for figure, on, signers in SIGNED:
        for division, signer in signers.items():
            sign_frozen(
                session,
                figure_code=figure.code,
                counting_rule=figure.default_rule.code,
                division_code=division,
                on=on,
                at=datetime(on.year + 1, 1, 8, 10, 30, tzinfo=SHANGHAI),
                by=signer,
            )


def _freeze(session: Session, figures: Iterable[FigureDefinition]) -> None:
    for one in figures:
        for rule in one.rules:
            for year in range(2023, ASSESSED_ON.year + 1):
                day = date(year, 12, 31)
                freeze_year_end(session, one, rule, day, _night_after(day))


def keep_recent_nights(session: Session, today: date) -> None:
    """The readings of the last week up to yesterday."""
    for days_ago in range(NIGHTS, 0, -1):
        on = today - timedelta(days=days_ago)
        for part in parts_of_night():
            if part != ASSESSMENTS:
                do_part(session, part, on, _night_after(on))


def _night_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), NIGHT, SHANGHAI)
