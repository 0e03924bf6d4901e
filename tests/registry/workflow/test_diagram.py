"""The documentation shows the table that the door obeys."""

from pathlib import Path

from registry.organisations.workflow import ADDRESS_CHANGES
from registry.workflow.diagram import diagram, listing

PAGE = Path(__file__).parents[3] / "docs" / "workflow.md"


def test_the_documentation_shows_the_table_in_force() -> None:
    shown = (
        PAGE.read_text()
        .partition("<!-- address_change: begin -->")[2]
        .partition("<!-- address_change: end -->")[0]
    )
    in_force = f"{diagram(ADDRESS_CHANGES)}\n\n{listing(ADDRESS_CHANGES)}"
    assert shown.strip() == in_force, f"put this between the two marks of docs/workflow.md:\n{in_force}"


def test_the_diagram_tells_who_leads_where() -> None:
    lines = diagram(ADDRESS_CHANGES).splitlines()
    assert "    [*] --> draft: draw_up (provider)" in lines
    assert "    submitted --> confirmed: confirm (district)" in lines
    assert "    returned --> returned: save (provider)" in lines
    assert "    confirmed --> [*]" in lines
