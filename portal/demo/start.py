"""Brings a folder to the demonstration: migrates, builds the world once, and lays out the sample workbooks."""

from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.accounts import DEMO_ACCOUNTS
from portal.intake.files import UploadedFiles
from portal.migrating import upgrade_database
from portal.sealing import key_ring
from portal.settings import Settings, SettingsError
from registry import schema as schema  # every table, so that relations between them can be followed
from registry.access.models import Role
from registry.access.queries import account_by_username
from registry.audit.trail import Trail
from registry.clock import today
from registry.directory.keeping import read_names
from registry.engine import make_engine
from registry.organisations.models import Organisation
from registry.policy.loading import load_policy

if TYPE_CHECKING:
    from portal.demo.build import DemoWorld

SAMPLES = "samples"


def prepare_demo(settings: Settings) -> bool:
    """Whether the world was built now; a folder that has it keeps everything as it is.

    SettingsError where the register holds data that are not the demonstration's.
    """
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    _try_writing(settings.home)
    upgrade_database(settings.database_url)
    engine = make_engine(settings.database_url)
    try:
        with Session(engine) as session:
            if account_by_username(session, DEMO_ACCOUNTS[0].username) is not None:
                read_names(session)
                load_policy(session)  # a newer version may ask for parameters that an older one did not ship
                session.commit()
                return False
            _refuse_real_data(session, settings)
            _lay_out_files(session, settings, _built(session, settings))
            session.commit()
            return True
    finally:
        engine.dispose()


def samples_folder(settings: Settings) -> Path:
    """Where the sample workbooks lie."""
    return settings.home / SAMPLES


def _try_writing(folder: Path) -> None:
    """OSError now rather than at somebody's first sign-in."""
    with TemporaryFile(dir=folder) as file:
        file.write(b"\0")


def _built(session: Session, settings: Settings) -> "DemoWorld":
    from portal.demo.build import WORLD_DAY, build_demo  # geometry and workbooks are for the first start only

    trail, day = Trail(settings.audit_key.encode()), max(today(), WORLD_DAY)
    return build_demo(session, trail=trail, seals=key_ring(settings), today=day)


def _refuse_real_data(session: Session, settings: Settings) -> None:
    if session.scalar(sa.select(Organisation.id).limit(1)) is not None:
        raise SettingsError(
            f"The register of {settings.home} holds data that are not the demonstration's; "
            "set PORTAL_HOME to another folder."
        )


def _lay_out_files(session: Session, settings: Settings, world: "DemoWorld") -> None:
    folder = samples_folder(settings)
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, data in world.samples.items():
        (folder / name).write_bytes(data)
    refused = next(data for name, data in world.samples.items() if name == world.refused.file_name)
    from portal.demo.sheets import attach_proof, attach_sheet  # drawing is for the first start only

    uploads = UploadedFiles(settings.uploads, key_ring(settings))
    uploads.keep(world.refused, refused)
    for one in world.compared:
        uploads.keep(one.run, one.data)
    for loaded in world.loads:
        uploads.keep(loaded.run, loaded.data)
        uploads.keep_sheet(loaded.run, loaded.sheet)
    activity, account = world.of_today, world.accounts[Role.STATION]
    at, trail = activity.entered_at, Trail(settings.audit_key.encode())
    attach_sheet(session, settings, activity, account, at=at, trail=trail)
    provider = world.accounts[Role.PROVIDER]
    attach_proof(session, settings, world.unverified, provider, at=at, trail=trail)
