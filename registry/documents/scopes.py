"""Where an issued document lies for the permission table: in the division that it speaks of."""

import sqlalchemy as sa

from registry.access.scopes import Reach, declare_reach
from registry.divisions.codes import within
from registry.documents.models import IssuedDocument

declare_reach(
    IssuedDocument,
    Reach(
        divisions_of=lambda document: (document.division_code,),
        in_division=lambda code: within(IssuedDocument.division_code, code),
        organisations_of=lambda document: (),
        in_organisation=lambda organisation_id: sa.false(),
    ),
)
