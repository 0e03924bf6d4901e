"""What lies at each spot of the stage from the register at work: standings, services, inspections, tasks, dossiers."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from registry.access.models import Role
from registry.certificates.models import CertificateReminder, Ending, ReminderReceiver, ReminderState
from registry.dossiers.models import Dossier, DossierRemark, RemarkState
from registry.enquiries.models import Enquiry, EnquiryKind, EnquiryState
from registry.enquiries.sealed_fields import TEXT
from registry.handovers.models import Handover, HandoverState
from registry.inspections.models import Inspection, InspectionState
from registry.majors.models import MajorChange, MajorChangeState
from registry.organisations.models import (
    StandingKind,
)
from registry.provider_entries.models import EntryState, ProviderEntry
from registry.provider_entries.queries import entry_in_hand
from registry.reconciliations.models import Reconciliation, SourceSystem
from registry.services.models import Activity, ActivityState, Service, ServiceReport, ServiceReportState
from registry.station_filings.models import FilingState, StationFiling
from registry.successions.models import OrganisationSuccession, SuccessionKind
from registry.tasks.models import DepartmentTask, TaskState
from registry.workforce.models import Certificate
from tests.access.canaries import draft_words
from tests.access.ground import LAST_YEAR, YESTERDAY, Ground, added
from tests.dossiers_factories import make_dossier, make_remark, make_succession
from tests.entry_factories import make_entry, make_filing
from tests.factories import make_certificate, make_organisation, make_post, make_practitioner
from tests.handover_factories import make_handover
from tests.inspection_factories import make_inspection
from tests.majors_factories import make_major_change
from tests.reconciliation_factories import make_finding, make_reconciliation, make_system
from tests.services_factories import make_activity, make_service, make_service_report
from tests.tasks_factories import make_task


def _provider_entry(ground: Ground) -> ProviderEntry:
    state = {"live": EntryState.SUBMITTED, "ended": EntryState.WITHDRAWN, "draft": EntryState.DRAFT}
    found = state[ground.spot.state]
    if entry_in_hand(ground.session, ground.organisation.id) is not None:
        found = EntryState.WITHDRAWN if found is EntryState.SUBMITTED else found
    if found is EntryState.DRAFT:
        _make_room(ground)
    return make_entry(ground.session, ground.site, state=found)


def _make_room(ground: Ground) -> None:
    """An organisation has one entry in hand; its draft matters more here than what it handed in."""
    earlier = entry_in_hand(ground.session, ground.organisation.id)
    if earlier is not None:
        earlier.state = EntryState.WITHDRAWN
        ground.session.flush()


def _station_filing(ground: Ground) -> StationFiling:
    state = {"live": FilingState.SUBMITTED, "ended": FilingState.WITHDRAWN, "draft": FilingState.DRAFT}
    return make_filing(ground.session, ground.site, state=state[ground.spot.state])


def _enquiry(ground: Ground) -> Enquiry:
    enquiry = Enquiry(
        kind=EnquiryKind.QUESTION,
        state=EnquiryState.ANSWERED if ground.is_over else EnquiryState.RECEIVED,
        division_code=ground.spot.place,
        check_hash="0" * 64,
        received_at=YESTERDAY,
        answered_at=YESTERDAY if ground.is_over else None,
        site=ground.site,
    )
    added(ground.session, enquiry)
    enquiry.text_sealed = TEXT.values(ground.seals, draft_words(ground.spot), enquiry.code)["text_sealed"]
    return added(ground.session, enquiry)


def _service(ground: Ground) -> Service:
    return make_service(ground.session, ground.site, **({"ended_on": LAST_YEAR} if ground.is_over else {}))


def _service_report(ground: Ground) -> ServiceReport:
    state = {
        "live": ServiceReportState.SUBMITTED,
        "ended": ServiceReportState.CONFIRMED,
        "draft": ServiceReportState.DRAFT,
    }[ground.spot.state]
    submitted = {} if state is ServiceReportState.DRAFT else {"submitted_at": YESTERDAY}
    return make_service_report(ground.session, ground.site, ground.account, state=state, **submitted)


def _activity(ground: Ground) -> Activity:
    state = ActivityState.VOIDED if ground.is_over else ActivityState.RECORDED
    return make_activity(ground.session, ground.site, state=state)


def _department_task(ground: Ground) -> DepartmentTask:
    """The district asks the finance department of the place, or the organisation that lies there."""
    owner = ground.spot.owner
    return make_task(
        ground.session,
        ground.account,
        state=TaskState.CLOSED if ground.is_over else TaskState.SENT,
        from_role=Role.DISTRICT,
        to_role=Role(owner) if owner else Role.FINANCE,
        organisation=ground.organisation if owner else None,
    )


def _handover(ground: Ground) -> Handover:
    """Of whoever stands there."""
    state = HandoverState.ACKNOWLEDGED if ground.is_over else HandoverState.DRAWN_UP
    return make_handover(ground.session, ground.account, state=state)


def _inspection(ground: Ground) -> Inspection:
    state = {
        "live": InspectionState.NOTIFIED,
        "ended": InspectionState.CLOSED,
        "draft": InspectionState.DRAFT,
    }[ground.spot.state]
    closed = {"closed_at": YESTERDAY} if state is InspectionState.CLOSED else {}
    place = {"division_code": ground.spot.place, "site": ground.site}
    return make_inspection(ground.session, ground.organisation, state=state, **place, **closed)


def _dossier(ground: Ground) -> Dossier:
    """One of a kind: what is over is on file as an association, and nothing is drafted."""
    kind = StandingKind.ASSOCIATION if ground.is_over else StandingKind.CHARITY
    own = sa.and_(Dossier.organisation_id == ground.organisation.id, Dossier.kind == kind)
    found = ground.session.scalars(sa.select(Dossier).where(own)).one_or_none()
    return found or make_dossier(ground.session, ground.organisation, kind=kind)


def _remark(ground: Ground) -> DossierRemark:
    state = RemarkState.ANSWERED if ground.is_over else RemarkState.RAISED
    return make_remark(ground.session, _dossier(ground), state=state)


def _succession(ground: Ground) -> OrganisationSuccession:
    """A part of it went to another organisation of the place."""
    successor = make_organisation(ground.session, division_code=ground.spot.place)
    return make_succession(
        ground.session,
        ground.organisation,
        successor,
        kind=SuccessionKind.SPLIT,
        ends_predecessor=False,
    )


def _major_change(ground: Ground) -> MajorChange:
    """Sociology is to count; drawn up by whoever stands there."""
    state = {
        "live": MajorChangeState.SUBMITTED,
        "ended": MajorChangeState.PUBLISHED,
        "draft": MajorChangeState.DRAFT,
    }[ground.spot.state]
    return make_major_change(ground.session, ground.account, state=state)


def _certificate(ground: Ground) -> Certificate:
    """Of somebody who works there, or has left."""
    person = make_practitioner(ground.session)
    make_post(ground.session, person, ground.site, **({"end_on": LAST_YEAR} if ground.is_over else {}))
    return make_certificate(ground.session, person)


def _certificate_reminder(ground: Ground) -> CertificateReminder:
    """From the desk of the place to the institution that lies there."""
    reminder = CertificateReminder(
        state=ReminderState.SENT,
        division_code=ground.spot.place,
        ending=Ending.D90,
        on=YESTERDAY.date(),
        text="请在到期前三个月内办理再登记",
        sent_at=YESTERDAY,
        sent_as=Role.DISTRICT,
        sent_by=ground.account,
        receivers=[ReminderReceiver(certificates=1, organisation=ground.organisation)],
    )
    return added(ground.session, reminder)


def _source_system(ground: Ground) -> SourceSystem:
    return make_system(ground.session, division_code=ground.spot.place)


def _reconciliation(ground: Ground) -> Reconciliation:
    """Compared, with one finding about whoever works there; its file is gone."""
    owner = ground.organisation.id if ground.spot.owner else None
    run = make_reconciliation(ground.session, division_code=ground.spot.place, organisation_id=owner)
    make_finding(ground.session, run, name=ground.person.name, field="name", ours=ground.person.name)
    return run


MAKERS_AT_WORK: dict[type, Callable[[Ground], Any]] = {
    ProviderEntry: _provider_entry,
    StationFiling: _station_filing,
    Inspection: _inspection,
    Enquiry: _enquiry,
    Service: _service,
    ServiceReport: _service_report,
    Activity: _activity,
    DepartmentTask: _department_task,
    SourceSystem: _source_system,
    Reconciliation: _reconciliation,
    Handover: _handover,
    Dossier: _dossier,
    DossierRemark: _remark,
    OrganisationSuccession: _succession,
    MajorChange: _major_change,
    CertificateReminder: _certificate_reminder,
    Certificate: _certificate,
}
