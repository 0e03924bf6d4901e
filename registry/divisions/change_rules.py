"""What a file of changes must satisfy: each line against the tree, and the lines among themselves."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from registry.divisions.changes import ChangeLine, ChangeRefused, Problem
from registry.divisions.codes import candidates, parent_of
from registry.divisions.models import ChangeKind, Division
from registry.divisions.succession import Step, Succession, by_new_code, by_old_code, with_those_below
from registry.divisions.tree import Tree
from registry.messages import N_, Message, message

ONE_TO_ONE = (ChangeKind.RENAME, ChangeKind.MOVE)


def succession_of(tree: Tree, lines: Sequence[ChangeLine]) -> Succession:
    """Raises ChangeRefused with every problem: first those of single lines, then those between lines."""
    _refuse(_problems_of_file(lines))
    read = [_step_or_problem(tree, line) for line in lines]
    _refuse(problem for problem in read if isinstance(problem, Problem))
    steps = [step for step in read if isinstance(step, Step)]
    _refuse(_problems_together(tree, steps))
    succession, problems = with_those_below(tree, _named(tree, steps))
    _refuse(problems)
    return succession


def _refuse(problems: Iterable[Problem]) -> None:
    found = sorted(problems, key=lambda problem: problem.row or 0)
    if found:
        raise ChangeRefused(found)


def _problems_of_file(lines: Sequence[ChangeLine]) -> Iterator[Problem]:
    first = lines[0]
    note = N_("生效日期与第%(row)s行不同；一个文件只写同一天生效的变更，请分成几个文件。")
    for line in lines[1:]:
        if line.effective_on != first.effective_on:
            yield Problem(line.row, message(note, row=first.row))


def _step_or_problem(tree: Tree, line: ChangeLine) -> Step | Problem:
    current = (tree.current(code) for code in candidates(line.from_code))
    old = next((division for division in current if division is not None), None)
    if old is None:
        return Problem(line.row, _why_not_current(tree, line))
    to_code = next((code for code in candidates(line.to_code) if len(code) == len(old.code)), None)
    if to_code is None:
        note = N_("新区划代码%(new)s与原区划代码%(old)s不是同一层级。")
        return Problem(line.row, message(note, new=line.to_code, old=old.code))
    step = Step(line.row, line.kind, old, to_code, line.to_name, line.source, line.sites)
    wrong = _wrong_codes(tree, step)
    return step if wrong is None else Problem(line.row, wrong)


def _why_not_current(tree: Tree, line: ChangeLine) -> Message:
    periods = [period for code in candidates(line.from_code) for period in tree.periods_of(code)]
    if not periods:
        return message(N_("没有区划代码%(code)s，请核对后重填。"), code=line.from_code)
    last = periods[-1]
    if last.valid_from >= tree.on:
        note = N_("区划“%(name)s”（%(code)s）自%(day)s起设立，生效日期须晚于这一天。")
        return message(note, name=last.name, code=last.code, day=last.valid_from.isoformat())
    note = N_("区划“%(name)s”（%(code)s）已于%(day)s撤销或变更，请改填现行的区划代码。")
    return message(note, name=last.name, code=last.code, day=str(last.valid_to))


def _wrong_codes(tree: Tree, step: Step) -> Message | None:
    """Whether the kind of change allows this pair of codes, and whether the new one may be used."""
    return _wrong_parent(step) or _unchanged(step) or _sites_of_no_split(step) or _taken(tree, step)


def _wrong_parent(step: Step) -> Message | None:
    same = parent_of(step.to_code) == parent_of(step.from_code)
    if step.kind is ChangeKind.MOVE and same:
        return message(
            N_("划转应到另一个上级区划；代码%(code)s的上级没有变，请改为更名。"), code=step.to_code
        )
    if step.kind is ChangeKind.RENAME and not same:
        return message(N_("更名不改变上级区划；代码%(code)s的上级变了，请改为划转。"), code=step.to_code)
    return None


def _unchanged(step: Step) -> Message | None:
    if (
        step.kind is ChangeKind.RENAME
        and step.to_code == step.from_code
        and step.to_name in ("", step.old.name)
    ):
        return message(N_("“%(name)s”的代码和名称都没有变。"), name=step.old.name)
    return None


def _sites_of_no_split(step: Step) -> Message | None:
    if step.sites and step.kind is not ChangeKind.SPLIT:
        return message(N_("只有拆分才需要指定划入的服务场所，请清空这一格。"))
    return None


def _taken(tree: Tree, step: Step) -> Message | None:
    there = tree.current(step.to_code)
    if there is None and not tree.is_free(step.to_code):
        note = N_("代码%(code)s在%(day)s前后已被使用，请核对代码和生效日期。")
        return message(note, code=step.to_code, day=tree.on.isoformat())
    if there is not None and step.kind in ONE_TO_ONE and step.to_code != step.from_code:
        note = N_("代码%(code)s已是“%(name)s”，并入现有区划请用合并。")
        return message(note, code=step.to_code, name=there.name)
    return None


def _problems_together(tree: Tree, steps: list[Step]) -> Iterator[Problem]:
    """What is wrong between lines that are each right by themselves."""
    yield from _repeated(steps)
    yield from _chains(steps)
    yield from _orphans(tree, steps)
    yield from _too_few(tree, steps)
    yield from _misnamed(tree, steps)


def _repeated(steps: list[Step]) -> Iterator[Problem]:
    for code, group in by_old_code(steps).items():
        is_split = all(step.kind is ChangeKind.SPLIT for step in group)
        for n, step in enumerate(group):
            if any(not is_split or step.to_code == earlier.to_code for earlier in group[:n]):
                yield Problem(step.row, message(N_("原区划代码%(code)s与另一行重复。"), code=code))


def _chains(steps: list[Step]) -> Iterator[Problem]:
    """A code that is given up in this file may not be taken over by another line of it."""
    going_on = {step.from_code for step in steps if step.from_code == step.to_code}
    given_up = {step.from_code for step in steps} - going_on
    note = N_("代码%(code)s在同一文件里既被变更又被占用，请分成两个文件先后执行。")
    for step in steps:
        if step.to_code in given_up:
            yield Problem(step.row, message(note, code=step.to_code))


def _orphans(tree: Tree, steps: list[Step]) -> Iterator[Problem]:
    reached = {step.to_code for step in steps}
    gone = {step.from_code for step in steps} - reached
    note = N_("新区划%(code)s的上级%(above)s在%(day)s不存在。")
    for step in steps:
        above = parent_of(step.to_code)
        if above is not None and (above in gone or (tree.current(above) is None and above not in reached)):
            yield Problem(step.row, message(note, code=step.to_code, above=above, day=tree.on.isoformat()))


def _too_few(tree: Tree, steps: list[Step]) -> Iterator[Problem]:
    for code, group in by_new_code(step for step in steps if step.kind is ChangeKind.MERGE).items():
        sources = {step.from_code for step in group} | ({code} if tree.current(code) is not None else set())
        if len(sources) < 2:
            note = N_("合并到%(code)s的只有一个原区划，请补全其他各行，或改为更名。")
            yield Problem(group[0].row, message(note, code=code))
    for code, group in by_old_code(step for step in steps if step.kind is ChangeKind.SPLIT).items():
        if len(group) < 2:
            note = N_("拆分%(code)s至少要有两行，每部分一行。")
            yield Problem(group[0].row, message(note, code=code))


def _misnamed(tree: Tree, steps: list[Step]) -> Iterator[Problem]:
    """A division has one name: a new one needs it, an existing one changes it by a line of its own."""
    for code, group in by_new_code(steps).items():
        names = {step.to_name for step in group if step.to_name}
        there = tree.current(code)
        if there is not None and all(step.from_code != code for step in group):
            names.add(there.name)
        if len(names) > 1:
            note = N_("代码%(code)s有不同的名称：%(names)s；现有区划要更名，请为它本身写一行。")
            yield Problem(group[0].row, message(note, code=code, names=tuple(sorted(names))))
        if not names and there is None and group[0].kind not in ONE_TO_ONE:
            yield Problem(group[0].row, message(N_("代码%(code)s是新设的区划，请填写名称。"), code=code))


def _named(tree: Tree, steps: list[Step]) -> list[Step]:
    """Blank names are filled: by another line, by the existing division, by the old name."""
    return [step if step.to_name else replace(step, to_name=_name(tree, steps, step)) for step in steps]


def _name(tree: Tree, steps: list[Step], step: Step) -> str:
    given = (one.to_name for one in steps if one.to_code == step.to_code and one.to_name)
    there: Division = tree.current(step.to_code) or step.old
    return next(given, there.name)
