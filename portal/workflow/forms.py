"""The form of one step of a record, whatever its kind."""

from uuid import uuid4

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from portal.formatting import spoken_message
from registry.errors import InvalidInput


class StepForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """One step: its key makes a double click one step, its version notices what others did meanwhile."""

    key = HiddenField(default=lambda: uuid4().hex, validators=[DataRequired(), Length(min=16, max=64)])
    version = IntegerField(widget=HiddenInput(), default=1, validators=[DataRequired()])

    def refused(self, fault: InvalidInput) -> None:
        """Put what the register refuses beside its field, or above the form where it has no such field."""
        said = spoken_message(fault.message) if fault.message else ""
        if fault.field in self:
            self[fault.field].errors = [said]
        else:
            self.form_errors.append(said)

    def take_version(self, version: int) -> None:
        """The form is shown again against a newer record."""
        self.version.process_data(version)
        self.version.raw_data = None

    def overtaken(self, version: int) -> None:
        """Somebody else changed the record: what was typed stays, and is decided against what stands now."""
        self.form_errors.append(_("您打开页面之后，内容已被他人更改。下面是现在的内容，请核对后再决定。"))
        self.take_version(version)
