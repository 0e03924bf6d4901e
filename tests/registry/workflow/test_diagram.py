"""The documentation shows the tables that the door obeys: all of them, and as they are."""

from pathlib import Path

import pytest

from registry import schema as schema  # every noun declares its table when it is imported
from registry.organisations.workflow import ADDRESS_CHANGES
from registry.workflow.diagram import diagram, drawn_into
from registry.workflow_table import WORKFLOWS, Workflow

PAGE = Path(__file__).parents[3] / "docs" / "workflow.md"
SHOWN = [one for one in WORKFLOWS.values() if one.model.__module__.startswith("registry.")]


@pytest.mark.parametrize("workflow", SHOWN, ids=lambda one: one.subject_type)
def test_the_documentation_shows_the_table_in_force(workflow: Workflow) -> None:
    page = PAGE.read_text()
    assert drawn_into(page, workflow) == page, "run scripts/draw-workflows"


def test_the_diagram_tells_who_leads_where() -> None:
    lines = diagram(ADDRESS_CHANGES).splitlines()
    assert "    [*] --> draft: draw_up (provider)" in lines
    assert "    submitted --> confirmed: confirm (district)" in lines
    assert "    returned --> returned: save (provider)" in lines
    assert "    confirmed --> [*]" in lines
