"""What the domain may refuse: one small class per refusal; the portal gives each its status."""

from typing import Any

from registry.messages import Message


class Refusal(Exception):
    """The base of every refusal; `message` names the thing and the remedy, if the raiser knows them."""

    def __init__(self, message: Message | None = None) -> None:
        super().__init__(str(message) if message else "")
        self.message = message


class NotVisible(Refusal):
    """The record does not exist, or the actor may not know that it does."""


class NotAllowed(Refusal):
    """The actor sees the record and may not do this to it."""


class ExportTooLarge(NotAllowed):
    """A file would hold more people than the role may take along at once."""


class TooManyExports(Refusal):
    """The person has taken along as many files with people today as a day allows."""


class ProofTooOld(Refusal):
    """The act asks for a proof of this moment, and the last one was given too long ago."""


class StepNotOpen(Refusal):
    """The record's state does not offer this step; `subject` is the record as a to-do names it, where it has one."""

    def __init__(self, message: Message | None = None, subject: Any = None) -> None:
        super().__init__(message)
        self.subject = subject


class ReasonMissing(Refusal):
    """The step asks for a reason and none was given."""


class RequirementUnmet(Refusal):
    """The step is open, but something that it needs does not hold; the message says what."""


class KeyReused(Refusal):
    """The form's key already belongs to another step, record or person."""


class StaleVersion(Refusal):
    """Somebody else changed the record in between."""


class UnknownDivision(Refusal):
    """No administrative division has this code on that day."""


class UnknownFigure(Refusal):
    """No figure has this code."""


class UnknownParameter(Refusal):
    """No policy parameter is in force under this key, there, on that day."""


class AlreadyFrozen(Refusal):
    """A verdict was frozen at its day of assessment; it is never written again."""


class NotFrozen(Refusal):
    """Only a verdict that was frozen can be signed."""


class AlreadySigned(Refusal):
    """A frozen verdict is signed once."""


class CannotIssue(Refusal):
    """A document cannot be made or kept now: fonts are missing, the disk is full; the message names the remedy."""


class FileNotKept(Refusal):
    """The bytes of a document are not there: not made yet, or past keeping; the message says which."""


class InvalidInput(Refusal):
    """A value that a person can mend; `field` says where it was typed."""

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(message)
        self.field = field
