"""Drawn papers: what the photos of the demonstration show. No name stands on them."""

import io
from datetime import datetime

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from portal.attachments.checking import checked
from portal.attachments.files import AttachedFiles, folder_of
from portal.sealing import key_ring
from portal.settings import Settings
from registry.access.actors import Actor
from registry.access.masks import Field
from registry.access.models import Account
from registry.attachments.operations import KeptFile, attach
from registry.audit.trail import Trail
from registry.services.models import Activity
from registry.workforce.models import Education
from registry.workforce.scopes import place_of_person

SIZE = (900, 1270)
LINES = 12


def attach_sheet(
    session: Session, settings: Settings, activity: Activity, account: Account, *, at: datetime, trail: Trail
) -> None:
    """To the activity of today, by whoever entered it."""
    attach(
        session,
        activity,
        _kept(settings, "签到表（示例）.jpg", drawn_sheet()),
        field=Field.ACTIVITY_SHEET,
        division_code=activity.division_code,
        actor=Actor.of(account.positions[0]),
        at=at,
        trail=trail,
        form_key=activity.form_key,
    )


def attach_proof(
    session: Session,
    settings: Settings,
    education: Education,
    account: Account,
    *,
    at: datetime,
    trail: Trail,
) -> None:
    """To a diploma that waits for its district, by its institution."""
    attach(
        session,
        education,
        _kept(settings, "学历证书（示例）.jpg", drawn_diploma()),
        field=Field.EDUCATION_PROOF,
        division_code=place_of_person(education.practitioner),
        actor=Actor.of(account.positions[0]),
        at=at,
        trail=trail,
        form_key=education.code * 2,
    )


def _kept(settings: Settings, name: str, data: bytes) -> KeptFile:
    file = checked(name, data, most_megabytes=20)
    return AttachedFiles(folder_of(settings), key_ring(settings)).keep(file)


def drawn_diploma() -> bytes:
    """A frame with a heading, as a JPEG."""
    picture = Image.new("RGB", SIZE[::-1], "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((40, 40, SIZE[1] - 40, SIZE[0] - 40), outline="grey", width=6)
    pen.text((120, 120), "DIPLOMA (EXAMPLE)", fill="black", font_size=56)
    return _as_jpeg(picture)


def drawn_sheet() -> bytes:
    """Ruled lines under a heading, as a JPEG."""
    picture = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(picture)
    pen.text((60, 60), "SIGN-IN SHEET (EXAMPLE)", fill="black", font_size=40)
    for number in range(LINES):
        y = 180 + number * 84
        pen.line((60, y, SIZE[0] - 60, y), fill="grey", width=2)
        pen.text((64, y - 44), f"{number + 1}", fill="grey", font_size=28)
    return _as_jpeg(picture)


def _as_jpeg(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG")
    return target.getvalue()
