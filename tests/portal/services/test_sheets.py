"""The photo of a sign-in sheet: sealed, seen by its organisation, by the street and the district with a reason."""

import io
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.attachments import keeping
from portal.attachments.files import folder_of
from portal.settings import Settings
from portal.sweeping import sweep
from registry.attachments.models import Attachment
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.clock import today, utc_now
from registry.policy.models import Parameter
from registry.services.models import Activity
from tests.factories import make_parameter
from tests.portal.attachments.pictures import jpeg
from tests.portal.attachments.test_checking import HOSTILE
from tests.portal.polite import Polite, filled
from tests.portal.services.conftest import Place
from tests.services_factories import make_activity

BOUNDARY = "between-two-parts-of-a-form"
CHANGED_ON_THE_WAY = {"60 MB", "a way out on Windows", "a name with a line end"}
"""Refused before they are looked at, or left without their path by whoever reads the form."""


def photo(data: bytes = b"", name: str = "签到表.jpg"):
    return io.BytesIO(data or jpeg(located=True)), name


def sent(polite: Polite, data: bytes = b"", name: str = "签到表.jpg", **typed: str):
    """The answer to a new activity with a photo."""
    page = polite.get("/activities/new")
    values = {"参加人数": "10", "时长": "90"} | typed
    form = filled(page, page.form("登记"), values, "登记")
    body, kind = packed(form, data or jpeg(located=True), name)
    return polite.client.post("/activities/new", data=body, content_type=kind)


def packed(form: dict[str, str], data: bytes, name: str) -> tuple[bytes, str]:
    """A form with a file, as a browser sends it."""
    line = b"--" + BOUNDARY.encode()
    parts = [
        f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in form.items()
    ]
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    parts.append(head.encode() + data)
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
    return body, f"multipart/form-data; boundary={BOUNDARY}"


def the_sheet(place: Place) -> tuple[Activity, Attachment]:
    place.session.expire_all()
    return (
        place.session.scalars(sa.select(Activity)).one(),
        place.session.scalars(sa.select(Attachment)).one(),
    )


def kept_file(settings: Settings, sheet: Attachment) -> Path:
    return folder_of(settings) / f"{sheet.stored_as}.bin"


def address(activity: Activity, sheet: Attachment) -> str:
    return f"/activities/{activity.code}/sheets/{sheet.code}"


def test_a_photo_comes_with_its_activity_and_lies_sealed_under_another_name(
    polite: Polite, place: Place, sign_in, settings: Settings
) -> None:
    sign_in(account=place.station)
    assert sent(polite).status_code == 303
    _activity, sheet = the_sheet(place)
    lies = kept_file(settings, sheet)
    assert sheet.file_name == "签到表.jpg"
    assert lies.stat().st_mode & 0o077 == 0
    assert b"\xff\xd8\xff" not in lies.read_bytes()[:64]
    assert "签到表" not in lies.name


def test_its_organisation_gets_it_as_a_file_that_no_page_shows(
    polite: Polite, place: Place, sign_in, client: FlaskClient
) -> None:
    sign_in(account=place.station)
    sent(polite)
    activity, sheet = the_sheet(place)
    answer = client.get(address(activity, sheet))
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xff\xd8\xff")
    assert b"PhoneMaker" not in answer.data
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    taken = sa.select(AuditEntry).where(AuditEntry.action == "attachment.take")
    assert place.session.scalars(taken).one().facts["attachment"] == sheet.code


def test_an_officer_sees_that_there_is_one_and_opens_it_with_a_reason(
    polite: Polite, place: Place, sign_in, client: FlaskClient
) -> None:
    sign_in(account=place.station)
    sent(polite)
    activity, sheet = the_sheet(place)
    sign_in(account=place.district)
    page = polite.get(f"/activities/{activity.code}")
    assert "未显示" in page.main
    assert client.get(address(activity, sheet)).status_code == 404
    asking = polite.follow(page, "凭事由查看签到表…")
    reason = {"reason": "verification", "explanation": "核对第四季度活动是否真实举行"}
    polite.submit(asking, reason, button="查看签到表")
    assert client.get(address(activity, sheet)).status_code == 200
    entries = place.session.scalars(sa.select(AuditEntry.action)).all()
    assert "identity.reveal" in entries


def test_whoever_has_nothing_to_do_with_it_does_not_learn_of_it(
    polite: Polite, place: Place, sign_in, client: FlaskClient
) -> None:
    sign_in(account=place.station)
    sent(polite)
    activity, sheet = the_sheet(place)
    sign_in(account=place.province)
    assert "签到表照片" not in polite.get(f"/activities/{activity.code}").main
    assert client.get(address(activity, sheet)).status_code == 404
    sign_in(account=place.stranger)
    assert client.get(address(activity, sheet)).status_code == 404


def test_a_sheet_is_no_sheet_of_another_activity(
    polite: Polite, place: Place, sign_in, client: FlaskClient
) -> None:
    sign_in(account=place.station)
    sent(polite)
    _activity, sheet = the_sheet(place)
    other = make_activity(place.session, place.site)
    place.session.commit()
    assert client.get(address(other, sheet)).status_code == 404


@pytest.mark.parametrize("what", sorted(HOSTILE.keys() - CHANGED_ON_THE_WAY))
def test_a_hostile_file_is_refused_on_the_page_and_what_was_typed_stays(
    polite: Polite, place: Place, sign_in, what: str, settings: Settings
) -> None:
    name, data, why = HOSTILE[what]
    before = set(folder_of(settings).glob("*"))
    sign_in(account=place.station)
    answer = sent(polite, data or b"", name) if data else _sent_empty(polite, name)
    assert why in answer.text
    assert 'value="10"' in answer.text
    assert place.session.scalar(sa.select(sa.func.count()).select_from(Activity)) == 0
    assert set(folder_of(settings).glob("*")) == before


def _sent_empty(polite: Polite, name: str):
    page = polite.get("/activities/new")
    form = filled(page, page.form("登记"), {"参加人数": "10", "时长": "90"}, "登记")
    return polite.client.post("/activities/new", data=form | {"file": (io.BytesIO(b""), name)})


def test_a_file_of_60_mb_is_refused_plainly(polite: Polite, place: Place, sign_in) -> None:
    sign_in(account=place.station)
    answer = sent(polite, jpeg() + b"\0" * (60 * 1024 * 1024))
    assert answer.status_code == 413
    assert "过大" in answer.text or "超过" in answer.text


def test_a_photo_may_come_later_and_twice_sent_is_kept_once(polite: Polite, place: Place, sign_in) -> None:
    activity = make_activity(place.session, place.site)
    place.session.commit()
    sign_in(account=place.station)
    page = polite.get(f"/activities/{activity.code}")
    form = filled(page, page.form("上传"), {}, "上传")
    url = f"/activities/{activity.code}/sheets"
    for _click in range(2):
        assert polite.client.post(url, data=form | {"file": photo()}).status_code == 303
    the_sheet(place)
    assert polite.client.post(url, data=form).text.count("请选择照片或扫描件") == 2


def test_more_files_than_a_sheet_has_pages_are_refused(polite: Polite, place: Place, sign_in) -> None:
    activity = make_activity(place.session, place.site)
    place.session.commit()
    sign_in(account=place.station)
    answers = []
    for number in range(6):
        form = {"csrf_token": polite._token(), "key": f"{number}" * 32, "version": "1"}  # the door's token
        url = f"/activities/{activity.code}/sheets"
        answers.append(polite.client.post(url, data=form | {"file": photo()}).status_code)
    assert answers == [303] * 5 + [409]


def test_a_silent_scanner_lets_nothing_in(
    polite: Polite, place: Place, sign_in, app, settings: Settings, monkeypatch, tmp_path: Path
) -> None:
    guarded = Settings(**{**settings.__dict__, "scanner": tmp_path / "nobody.sock"})
    monkeypatch.setitem(app.extensions, "settings", guarded)
    sign_in(account=place.station)
    assert "病毒检查服务没有应答" in sent(polite).text
    assert place.session.scalar(sa.select(sa.func.count()).select_from(Activity)) == 0


def test_what_is_older_than_its_days_is_erased_and_its_row_says_so(
    polite: Polite, place: Place, sign_in, settings: Settings
) -> None:
    make_parameter(place.session, "activity_sheet.keep_days", 30)
    make_parameter(place.session, "education_proof.keep_days", 30)
    sign_in(account=place.station)
    sent(polite)
    activity, sheet = the_sheet(place)
    trail, at = Trail(key=b"k" * 32), utc_now()
    erase = {"on": today(), "at": at.replace(year=at.year + 1), "trail": trail, "by": "portal jobs"}
    assert keeping.erase_old(settings, place.session, **erase) == 1
    assert keeping.erase_old(settings, place.session, **erase) == 0
    place.session.commit()
    assert not kept_file(settings, sheet).exists()
    assert "保存期限已满" in polite.get(f"/activities/{activity.code}").main


def test_a_file_without_its_row_is_swept_away(
    polite: Polite, place: Place, sign_in, settings: Settings
) -> None:
    sign_in(account=place.station)
    sent(polite)
    _activity, sheet = the_sheet(place)
    orphan = folder_of(settings) / f"{'0' * 48}.bin"
    orphan.write_bytes(b"left by a killed process")
    later = utc_now().replace(year=utc_now().year + 1)
    sweep(place.session, settings, at=later)
    assert not orphan.exists()
    assert kept_file(settings, sheet).exists()


def test_the_largest_size_is_policy(polite: Polite, place: Place, sign_in) -> None:
    place.session.execute(
        sa.update(Parameter).where(Parameter.key == "attachment.max_megabytes").values(value="1")
    )
    place.session.commit()
    sign_in(account=place.station)
    answer = sent(polite, jpeg() + b"\0" * (2 * 1024 * 1024))
    assert "超过1MB的上限" in answer.text
