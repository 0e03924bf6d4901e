"""The kinds of workbooks, by the word that commands and addresses use."""

from typing import Any

from registry.intake.declaration import WorkbookKind
from registry.intake.kinds.activities import ACTIVITIES
from registry.intake.kinds.dossiers import ASSOCIATIONS, CHARITIES
from registry.intake.kinds.organisations import ORGANISATIONS
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.kinds.services import SERVICES
from registry.intake.kinds.sites import SITES
from registry.intake.kinds.training import TRAINING

KINDS: dict[str, WorkbookKind[Any]] = {
    kind.code: kind
    for kind in (
        SITES,
        ORGANISATIONS,
        PRACTITIONERS,
        TRAINING,
        SERVICES,
        ACTIVITIES,
        CHARITIES,
        ASSOCIATIONS,
    )
}
