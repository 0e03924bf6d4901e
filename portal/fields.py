"""Form fields that read what people type with the parsers of bulk intake: one way to write a day everywhere."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask_babel.speaklater import LazyString
from wtforms import StringField
from wtforms.validators import ValidationError

from portal.formatting import spoken_messages
from registry.parsing import CellProblem

CHINESE = {"lang": "zh-Hans"}
"""What stands in the control is Chinese, whatever the language of the page."""


def stripped(typed: str | None) -> str:
    """Without the blanks around it."""
    return (typed or "").strip()


class ReadField(StringField):
    """A text box whose value is read by a parser; what was typed stays in the box, right or wrong."""

    data: Any

    def __init__(
        self,
        label: LazyString,
        parser: Callable[[str], Any],
        *,
        missing: LazyString | None = None,
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self._parser = parser
        self._missing = missing
        self._typed: str | None = None

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self._typed = valuelist[0] if valuelist else ""
        self.data = None
        if self._typed.strip():
            self.data = self._read(self._typed)
        elif self._missing is not None:
            raise ValueError(str(self._missing))

    def pre_validate(self, _form: Any) -> None:
        """A form that was sent without this field left it open."""
        if self.data is None and self._missing is not None and not self.process_errors:
            raise ValidationError(str(self._missing))

    def _read(self, typed: str) -> Any:
        try:
            return self._parser(typed)
        except CellProblem as problem:
            raise ValueError(spoken_messages(problem.message, problem.remedy)) from None

    def _value(self) -> str:
        if self._typed is not None:
            return self._typed
        if isinstance(self.data, date):
            return self.data.isoformat()
        return "" if self.data is None else str(self.data)
