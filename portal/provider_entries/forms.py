"""Beginning an entry: for which service site, and why."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from portal.formatting import word
from portal.workflow.forms import StepForm
from registry.organisations.models import Site
from registry.provider_entries.models import EntryKind


class BeginForm(StepForm):
    """A draft is drawn up for one site."""

    kind = RadioField(
        _l("申请类型"), validate_choice=True, validators=[InputRequired(_l("请选择申请类型。"))]
    )
    site = SelectField(_l("服务场所"), validators=[InputRequired(_l("请选择服务场所。"))])

    @classmethod
    def for_sites(cls, sites: list[Site], kinds: list[EntryKind]) -> Any:
        """With the sites of the institution, and what can be asked for as it stands."""
        form = cls()
        form.kind.choices = [(kind.value, word(kind)) for kind in kinds]
        form.site.choices = [(site.code, f"{site.name}（{site.address}）") for site in sites]
        if not form.is_submitted() and form.kind.choices:
            form.kind.data = form.kind.choices[0][0]
        return form
