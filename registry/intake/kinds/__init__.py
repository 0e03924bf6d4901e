"""The kinds of workbooks, by the word that commands and addresses use."""

from typing import Any

from registry.intake.declaration import WorkbookKind
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.kinds.sites import SITES

KINDS: dict[str, WorkbookKind[Any]] = {kind.code: kind for kind in (SITES, PRACTITIONERS)}
