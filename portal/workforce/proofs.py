"""Scans that prove a diploma, on the page on which its district verifies it: who sees them, and who adds one."""

from dataclasses import dataclass

from flask import Response, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from sqlalchemy.orm import Session

from portal.attachments.handing import handed_out
from portal.attachments.uploading import ACCEPTED, keep, sent_file
from portal.workflow.forms import StepForm
from registry.access.actors import Actor
from registry.access.masks import Field, Mask, mask_of
from registry.access.rules import may
from registry.actions import Action
from registry.attachments.models import Attachment
from registry.attachments.operations import MOST_FILES
from registry.attachments.queries import attachment_of, attachments_of
from registry.clock import today
from registry.errors import NotVisible
from registry.workforce.models import Education
from registry.workforce.scopes import place_of_person
from registry.workforce.writing import is_former_employer, refuse_former_employer

FIELD = Field.EDUCATION_PROOF


class ProofForm(StepForm):
    """A scan. It is added whatever others changed meanwhile, so it minds no version."""

    version = None  # type: ignore[assignment]  # how WTForms leaves a field of the base out
    file = FileField(
        _l("学历、学位证书或《教育部学历证书电子注册备案表》的扫描件"),
        description=_l(
            "jpg、png或pdf，不超过20MB；自动去掉拍摄位置，加密保存，只有本机构和核验的区县能打开，每次打开都有记录。"
        ),
        render_kw={"accept": ACCEPTED},
    )


@dataclass(frozen=True)
class Proof:
    """One file in the list."""

    attachment: Attachment
    url: str
    """Empty where it was erased."""


@dataclass(frozen=True)
class Proofs:
    """The files of a diploma for whoever may open them."""

    lines: tuple[Proof, ...]
    may_add: bool


def proofs_of(session: Session, education: Education, actor: Actor) -> Proofs | None:
    """None for whoever does not learn whether there are any."""
    if not _may_open(education, actor):
        return None
    found = attachments_of(session, education)
    may_add = len(found) < MOST_FILES and may(actor, Action.PRACTITIONER_RECORD, education)
    return Proofs(tuple(Proof(one, _address(education, one)) for one in found), may_add)


def add_proof(session: Session, education: Education, form: ProofForm, *, actor: Actor) -> None:
    """InvalidInput says what is wrong with the file, RequirementUnmet that there are as many as there may be."""
    refuse_former_employer(actor, education.practitioner, today())
    place = place_of_person(education.practitioner)
    file = sent_file(session, form.file.data, place)
    keep(session, education, file, field=FIELD, division_code=place, form_key=form.key.data or "")


def proof_answer(session: Session, education: Education, code: str, *, actor: Actor) -> Response:
    """The file; it is entered in the trail who opened it."""
    found = attachment_of(session, education, code)
    if found is None or not _may_open(education, actor):
        raise NotVisible
    place = place_of_person(education.practitioner)
    return handed_out(session, found, education, division_code=place, called="proof")


def _may_open(education: Education, actor: Actor) -> bool:
    """Whoever let somebody go has no more business with his papers."""
    is_shown = mask_of(actor, FIELD) is Mask.SHOW
    return is_shown and not is_former_employer(actor, education.practitioner, today())


def _address(education: Education, attachment: Attachment) -> str:
    if not attachment.is_kept:
        return ""
    return url_for("education.proof", education=education.code, attachment=attachment.code)
