"""A declared table as a diagram and as a list, for the documentation: the same rows that the door obeys."""

from collections.abc import Iterator

from registry.access.rules import roles_of
from registry.workflow_table import Transition, Workflow

BEGINNING = "[*]"


def diagram(workflow: Workflow) -> str:
    """A Mermaid state diagram."""
    return "\n".join(["```mermaid", "stateDiagram-v2", *_arrows(workflow), "```"])


def listing(workflow: Workflow) -> str:
    """A Markdown table with one row per transition."""
    heads = ("step", "from", "to", "who", "asks for", "leaves to")
    rows = [_row(transition) for transition in (workflow.start, *workflow.transitions)]
    return "\n".join(_line(cells) for cells in (heads, ("---",) * len(heads), *rows))


def drawn_into(page: str, workflow: Workflow) -> str:
    """A page of Markdown with the table as it is in force between its two marks; a page without them gets a section."""
    begin, end = (f"<!-- {workflow.subject_type}: {word} -->" for word in ("begin", "end"))
    if begin not in page:
        heading = workflow.subject_type.replace("_", " ").capitalize()
        page = f"{page.rstrip()}\n\n## {heading}\n\n{begin}\n{end}\n"
    before, rest = page.split(begin)
    after = rest.split(end)[1]
    return f"{before}{begin}\n{diagram(workflow)}\n\n{listing(workflow)}\n{end}{after}"


def _arrows(workflow: Workflow) -> Iterator[str]:
    for transition in (workflow.start, *workflow.transitions):
        for state in _from(workflow, transition):
            yield f"    {state} --> {transition.to_state or state}: {transition.step} ({_who(transition)})"
    for state in workflow.states:
        if not workflow.leaving(state):
            yield f"    {state} --> {BEGINNING}"


def _from(workflow: Workflow, transition: Transition) -> list[str]:
    return [state.value for state in workflow.states if state in transition.from_states] or [BEGINNING]


def _row(transition: Transition) -> tuple[str, ...]:
    return (
        transition.step,
        ", ".join(sorted(transition.from_states)) or "(new)",
        transition.to_state or "(stays)",
        _who(transition),
        _asks(transition),
        _leaves(transition),
    )


def _who(transition: Transition) -> str:
    if transition.follows:
        return "with another record"
    return ", ".join(roles_of(transition.action))


def _asks(transition: Transition) -> str:
    parts = [requirement.__name__.replace("_", " ") for requirement in transition.requires]
    parts += ["a reason"] if transition.asks_reason else []
    parts += ["the form"] if transition.asks_facts else []
    parts += [f"somebody other than took {transition.other_than}"] if transition.other_than else []
    return ", ".join(parts)


def _leaves(transition: Transition) -> str:
    parts = []
    for waiting in filter(None, (transition.waiting, transition.besides)):
        term = f" within `{waiting.within}`" if waiting.within else ""
        day = " until the day on record" if waiting.until else ""
        runs = ", which goes on" if waiting.goes_on else ""
        parts.append(f"{', '.join(roles_of(waiting.action))}{term}{runs}{day}")
    if transition.telling is not None:
        parts.append(f"a notice to {', '.join(roles_of(transition.telling.action))} elsewhere")
    if transition.pauses is not None:
        parts.append(f"pauses `{transition.pauses}`")
    return "; ".join(parts)


def _line(cells: tuple[str, ...]) -> str:
    return "".join(f"| {cell} " if cell else "| " for cell in cells) + "|"
