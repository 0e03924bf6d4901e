"""The 117 real institutions of the shipped OpenStreetMap file, loaded through the intake as anybody would."""

from datetime import datetime
from importlib import resources

from sqlalchemy.orm import Session

from portal.intake.judging import Upload, judged, kind_of
from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.divisions.codes import NATION
from registry.intake.operations import commit, record_preview

FILE_NAME = "osm_mental_health_institutions_cn.csv"
LOADER = Actor(
    account_id=0, code="demo", username="demo", name="示例数据", role=Role.PROVINCE, division_code=NATION
)
"""Nobody's account: the file reaches beyond the divisions of the demonstration accounts."""


def load_real_institutions(session: Session, *, at: datetime, trail: Trail) -> None:
    """They are hospitals without a credit code and hold no standing, so no figure changes."""
    data = (resources.files("registry.organisations") / "data" / FILE_NAME).read_bytes()
    found = judged(session, kind_of("sites"), Upload(FILE_NAME, data), actor=LOADER, at=at, seals=None)
    run = record_preview(session, found, actor=LOADER, at=at)
    commit(session, found, run=run, actor=LOADER, at=at, trail=trail)
