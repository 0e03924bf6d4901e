"""A document is seen by whoever answers for its place: a division change carries it over; what it printed stays."""

from registry.divisions.holders import Holder, declare_holder
from registry.documents.models import IssuedDocument
from registry.messages import N_, message

declare_holder(Holder(message(N_("出具的文件")), IssuedDocument.division_code, IssuedDocument.place_name))
