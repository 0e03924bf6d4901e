"""Identity numbers and phones of a file: indexed to be compared, and sealed when they are written."""

from collections.abc import Iterable
from typing import Any, Protocol

from registry.sealing.fields import SealedField
from registry.sealing.providers import KeysMissing, SealProvider
from registry.workforce.sealed_fields import IDENTITY_NUMBER, PHONE


class Typed(Protocol):
    """What of a row is of interest here."""

    @property
    def person_no(self) -> str | None: ...

    @property
    def identity_number(self) -> str | None: ...

    @property
    def phone(self) -> str | None: ...


class Indexed(Protocol):
    """What a ledger keeps of a person in place of the values."""

    @property
    def identity_index(self) -> str | None: ...

    @property
    def phone_index(self) -> str | None: ...


class Identities:
    """What the rows say, by blind index; a person who takes several rows needs to be told only once."""

    def __init__(self) -> None:
        self.seals: SealProvider | None = None
        self.owners: dict[str, str] = {}
        """Index of an identity number to the register number that has it, as the register knows it."""
        self.first_rows: dict[str, tuple[str, int]] = {}
        """Index of an identity number to the register number and row that name it first."""
        self._indexes: dict[tuple[str, str], str] = {}
        self._plain: dict[str, str] = {}
        self._current: dict[str, str] = {}
        self._of_person: dict[tuple[str, str], str] = {}
        self._identity_indexes: set[str] = set()

    def __repr__(self) -> str:
        return f"Identities({len(self._plain)} values)"

    def note(self, rows: Iterable[Typed]) -> None:
        """Index what is typed; of several rows of a person the first that says something speaks for the blank ones."""
        for row in rows:
            for field, value in ((IDENTITY_NUMBER, row.identity_number), (PHONE, row.phone)):
                if value is not None and row.person_no is not None:
                    self._of_person.setdefault((field.name, row.person_no), self._index(field, value))

    def indexes_of(self, row: Typed) -> tuple[str | None, str | None]:
        """Of the identity number and of the phone: this row's own, or what another row of the person says."""
        return self._index_of(IDENTITY_NUMBER, row, row.identity_number), self._index_of(
            PHONE, row, row.phone
        )

    def current(self, index: str | None) -> str | None:
        """An index of the register as it would be made now, where the file names the same value."""
        return self._current.get(index, index) if index else None

    @property
    def every_index(self) -> set[str]:
        """Of the identity numbers of the file, under every key."""
        return self._identity_indexes

    def sealed(self, facts: Indexed, code: str) -> dict[str, Any]:
        """The four columns of the person with this public code; None where nothing was typed."""
        columns: dict[str, Any] = {}
        for field, index in ((IDENTITY_NUMBER, facts.identity_index), (PHONE, facts.phone_index)):
            plain = self._plain.get(index) if index else None
            if plain is None or self.seals is None:
                columns |= {field.sealed.key: None, field.index.key: None}
            else:
                columns |= field.values(self.seals, plain, code)
        return columns

    def _index_of(self, field: SealedField, row: Typed, value: str | None) -> str | None:
        if value is not None:
            return self._index(field, value)
        return self._of_person.get((field.name, row.person_no or ""))

    def _index(self, field: SealedField, value: str) -> str:
        key = field.name, value
        if key not in self._indexes:
            self._indexes[key] = self._noted(field, value)
        return self._indexes[key]

    def _noted(self, field: SealedField, value: str) -> str:
        if self.seals is None:
            raise KeysMissing("There is nothing to seal identity numbers and phones with.")
        indexes = self.seals.indexes(value, field.name)
        self._plain[indexes[0]] = value
        self._current |= dict.fromkeys(indexes, indexes[0])
        if field is IDENTITY_NUMBER:
            self._identity_indexes.update(indexes)
        return indexes[0]
