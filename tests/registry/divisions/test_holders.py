"""No column that holds a division code is forgotten by a division change."""

import sqlalchemy as sa

import registry.schema
from registry.divisions.holders import HOLDERS, PERIODS

FACTS_OF_THEIR_DAY = {
    "audit_entry.division_code": "what was done there and then",
    "division.code": "the tree itself: its periods end and begin",
    "division.parent_code": "the tree itself",
    "division_change_line.from_code": "the change itself",
    "division_change_line.to_code": "the change itself",
    "emergency_access.division_code": "where the record lay when it was opened",
    "figure_snapshot.division_code": "a reading under the codes of its day",
    "institution_snapshot.division_code": "a verdict under the codes of its day",
    "parameter.division_code": "policy of a place, replaced by policy",
    "population.division_code": "a count under the codes of its year",
    "service.division_code": "follows its site by ON UPDATE CASCADE",
    "target.division_code": "policy of a place, replaced by policy",
}


def test_every_column_with_a_division_code_is_declared_or_a_fact_of_its_day() -> None:
    declared = {holder.code for holder in HOLDERS}
    declared |= {code for holder in PERIODS for code in (holder.that_days_code, holder.todays_code)}
    names = {f"{column.class_.__tablename__}.{column.key}" for column in declared}

    found = {
        f"{table.name}.{column.name}"
        for table in registry.schema.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_code") or (table.name == "division" and column.name == "code")
        if isinstance(column.type, sa.String) and column.type.length == 12
    }

    assert found - names == set(FACTS_OF_THEIR_DAY)
