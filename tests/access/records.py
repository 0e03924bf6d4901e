"""What lies at each spot of the stage: one record of every kind, each with words in it that occur nowhere else.

A kind of record with a reach that has no maker here fails `test_t1b_relations.py`, which names it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from registry.access.exports import ExportReason
from registry.access.models import Account, EmergencyAccess, EmergencyState, Position, Role
from registry.appointments.models import Appointment, AppointmentKind, AppointmentState
from registry.divisions.models import ChangeKind, Division, DivisionChange, DivisionChangeLine
from registry.documents.models import DocumentFormat, DocumentKind, DocumentState, IssuedDocument, MakingStep
from registry.intake.coordinates import Crs
from registry.intake.models import SEALED, IntakeRun, IntakeState
from registry.organisations.models import (
    AddressChange,
    AddressChangeState,
    Organisation,
    Site,
)
from registry.releases.models import FileKind, Release, ReleaseState, digest_of
from registry.workforce.counting import Basis, StaffRule
from registry.workforce.models import Education, MergeState, PersonMerge, Practitioner, Verification
from tests.access.canaries import draft_words
from tests.access.geography import ENDED, NAMES
from tests.access.ground import HEADS, LAST_YEAR, YESTERDAY, Ground, added
from tests.access.records_at_work import MAKERS_AT_WORK
from tests.factories import (
    LONG_AGO,
    make_address_change,
    make_certificate,
    make_education,
    make_post,
    make_practitioner,
)
from tests.sealing import seal_identity


def _division(ground: Ground) -> Any:
    code = ENDED[ground.spot.place] if ground.is_over else ground.spot.place
    return ground.session.query(Division).where(Division.code == code).one()


def _practitioner(ground: Ground) -> Practitioner:
    facts = ground.person
    number = f"P{facts.number:09d}"  # as long as a code, for the addresses that name it
    person = make_practitioner(ground.session, person_no=number, name=facts.name, birth_year=facts.birth_year)
    make_post(ground.session, person, ground.site, **({"end_on": LAST_YEAR} if ground.is_over else {}))
    make_education(ground.session, person)
    make_certificate(ground.session, person, number=facts.certificate)
    seal_identity(ground.session, ground.seals, person, identity=facts.identity, phone=facts.phone)
    return person


def _address_change(ground: Ground) -> AddressChange:
    state = {
        "live": AddressChangeState.SUBMITTED,
        "ended": AddressChangeState.CONFIRMED,
        "draft": AddressChangeState.DRAFT,
    }[ground.spot.state]
    submitted = {} if state is AddressChangeState.DRAFT else {"submitted_at": YESTERDAY}
    return make_address_change(
        ground.session, ground.site, state=state, explanation=draft_words(ground.spot), **submitted
    )


def run_file(ground: Ground) -> bytes:
    """A list with one newcomer, as somebody would send it in."""
    one = ground.newcomer
    row = f"示例-{one.number},{one.name},{one.birth_year},{ground.site.code},护士,专职,是,2020-01-01"
    return (HEADS + f"{row},{one.identity},{one.phone}\n").encode()


def _intake_run(ground: Ground) -> IntakeRun:
    counts = ("create", "update", "same", "duplicate", "warnings", "errors", "problems_left_out")
    run = IntakeRun(
        kind="practitioners",
        file_name="名单.csv",
        sha256="0" * 64,
        options={SEALED: True, "crs": Crs.WGS84.value},
        rows=1,
        **dict.fromkeys(counts, 0),
        problems=[],
        state=IntakeState.COMMITTED if ground.is_over else IntakeState.PREVIEWED,
        committed_at=YESTERDAY if ground.is_over else None,
        actor_code="2222222222",
        actor_name="李示例",
        division_code=ground.spot.place,
        organisation_id=ground.organisation.id if ground.spot.owner else None,
        at=YESTERDAY,
    )
    return added(ground.session, run)


def _issued_document(ground: Ground) -> IssuedDocument:
    at = YESTERDAY - timedelta(days=40) if ground.is_over else YESTERDAY
    document = IssuedDocument(
        kind=DocumentKind.BRIEFING,
        format=DocumentFormat.DOCX,
        annex="none",
        locale="zh",
        figure_code="qualified-share",
        rule=StaffRule.ASSIGNED,
        division_code=ground.spot.place,
        place_name=NAMES[ground.spot.place],
        on=at.date(),
        basis=Basis.TODAY,
        numerator=0,
        denominator=1,
        percent="0.0%",
        parts=[],
        sha256="0" * 64,
        size=1,
        state=DocumentState.DONE,
        step=MakingStep.KEEPING,
        actor_code="2222222222",
        actor_name="李示例",
        asked_at=at,
        issued_at=at,
    )
    return added(ground.session, document)


def _emergency_access(ground: Ground) -> EmergencyAccess:
    access = EmergencyAccess(
        state=EmergencyState.UPHELD if ground.is_over else EmergencyState.OPEN,
        subject_type="trial",
        subject_code="2222222222",
        field="trial",
        division_code=ground.spot.place,
        reason="danger",
        explanation="当事人在社区突发急病，须立即联系家属",
        at=YESTERDAY,
        until=YESTERDAY + timedelta(minutes=30),
        review_due_on=YESTERDAY.date(),
        reviewed_at=YESTERDAY if ground.is_over else None,
        organisation_id=ground.organisation.id if ground.spot.owner else None,
        account=ground.account,
    )
    return added(ground.session, access)


def _person_merge(ground: Ground) -> PersonMerge:
    ends = {"end_on": LAST_YEAR} if ground.is_over else {}
    kept, other = (make_practitioner(ground.session, name="李示例") for _ in range(2))
    for person in (kept, other):
        make_post(ground.session, person, ground.site, **ends)
    merge = PersonMerge(
        state=MergeState.DISMISSED if ground.is_over else MergeState.PROPOSED,
        other_no=other.person_no,
        kept=kept,
        other=other,
    )
    return added(ground.session, merge)


def _education(ground: Ground) -> Education:
    """Of somebody of its own; what is over was verified."""
    person = make_practitioner(ground.session, name="李示例")
    make_post(ground.session, person, ground.site, **({"end_on": LAST_YEAR} if ground.is_over else {}))
    verification = Verification.VERIFIED if ground.is_over else Verification.PENDING
    return make_education(ground.session, person, verification=verification)


def _appointment(ground: Ground) -> Appointment:
    position = ground.account.positions[0]
    appointment = Appointment(
        kind=AppointmentKind.FURTHER_POSITION,
        state=AppointmentState.CONFIRMED if ground.is_over else AppointmentState.ASKED,
        username=ground.account.username,
        name=ground.account.name,
        role=position.role,
        division_code=ground.spot.place,
        organisation=position.organisation,
        begins_on=LONG_AGO,
        explanation="到岗通知",
        asked_at=YESTERDAY,
        asked_as=Role(ground.spot.owner) if ground.spot.owner else Role.SECADMIN,
        asked_by_id=ground.account.id,
        account=ground.account,
    )
    return added(ground.session, appointment)


def _release(ground: Ground) -> Release:
    position = ground.account.positions[0]
    path, asked_for = "/workforce/export", {"on": YESTERDAY.date().isoformat()}
    release = Release(
        state=ReleaseState.TAKEN if ground.is_over else ReleaseState.ASKED,
        kind=FileKind.XLSX,
        title="从业人员名单",
        path=path,
        asked_for=asked_for,
        digest=digest_of(FileKind.XLSX, path, asked_for),
        about=[["统计日期", asked_for["on"]]],
        rows=6000,
        reason=ExportReason.REPORTING,
        note="第四季度核对",
        asked_at=YESTERDAY,
        asked_as=position.role,
        division_code=ground.spot.place,
        valid_until=YESTERDAY.date() + timedelta(days=7),
        organisation=position.organisation,
        asked_by=ground.account,
    )
    return added(ground.session, release)


def _division_change(ground: Ground) -> DivisionChange:
    place = ground.spot.place
    line = DivisionChangeLine(kind=ChangeKind.RENAME, from_code=place, to_code=place, to_name=NAMES[place])
    change = DivisionChange(
        effective_on=LONG_AGO, source="测试", applied_at=YESTERDAY, applied_by="李示例", lines=[line]
    )
    return added(ground.session, change)


MAKERS: dict[type, Callable[[Ground], Any]] = {
    Division: _division,
    Account: lambda ground: ground.account,
    Organisation: lambda ground: ground.organisation,
    Site: lambda ground: ground.site,
    Practitioner: _practitioner,
    AddressChange: _address_change,
    IntakeRun: _intake_run,
    IssuedDocument: _issued_document,
    DivisionChange: _division_change,
    EmergencyAccess: _emergency_access,
    PersonMerge: _person_merge,
    Education: _education,
    Position: lambda ground: ground.account.positions[0],
    Appointment: _appointment,
    Release: _release,
    **MAKERS_AT_WORK,
}


"""How a record of each kind comes to lie at a spot."""
