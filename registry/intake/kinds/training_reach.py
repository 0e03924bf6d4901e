"""Whose courses a loader may write: an institution those of its own people, and changes only of whom it alone keeps."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.intake.bulk import chunks
from registry.intake.declaration import Context, Outcome
from registry.intake.kinds.practitioner_reach import kept_by_others
from registry.messages import N_, Message, message
from registry.organisations.models import Site
from registry.periods import Period
from registry.workforce.models import Post

Refusal = tuple[str, Message, Message]
"""The column, what is wrong, and the remedy."""

_LEAVE = message(N_("请删去这一行，由其现任职机构或区县登记。"))


@dataclass
class Reach:
    """What the register says of people whom a file of courses names."""

    left: dict[int, list[Period]] = field(default_factory=dict)
    """Those who left the institution that loads, by integer key, with the times in which they were there."""
    kept_by_others: set[str] = field(default_factory=set)
    """Register numbers."""

    def refusal(self, person_id: int, person_no: str, held_on: date, outcome: Outcome) -> Refusal | None:
        """Whoever let somebody go still tells of courses of his own time, and changes nothing any more."""
        if outcome is Outcome.UPDATE:
            return self._of_a_change(person_id, person_no)
        stays = self.left.get(person_id)
        if outcome is not Outcome.CREATE or stays is None or any(one.holds_on(held_on) for one in stays):
            return None
        return "held_on", message(N_("这名人员已从本机构离任，培训也不在其任职期间结束。")), _LEAVE

    def _of_a_change(self, person_id: int, person_no: str) -> Refusal | None:
        if person_id in self.left:
            what = message(N_("这名人员已从本机构离任，本机构不能更正已登记的培训。"))
            return "subject", what, _LEAVE
        if person_no in self.kept_by_others:
            what = message(N_("这名人员也在其他单位登记，文件内容与已登记的培训不同，不能导入更正。"))
            remedy = message(N_("请核对；确需更正的，请在人员页面更正，或由其任职单位共同的主管部门导入。"))
            return "subject", what, remedy
        return None


def reach_of(session: Session, people: Iterable[tuple[int, str]], context: Context) -> Reach:
    """Of people by integer key and register number."""
    reach = Reach()
    for chunk in chunks(sorted(people)):
        reach.kept_by_others |= kept_by_others(session, [number for _key, number in chunk], context)
        reach.left |= _left(session, [key for key, _number in chunk], context)
    return reach


def _left(session: Session, ids: Sequence[int], context: Context) -> dict[int, list[Period]]:
    """As `is_former_employer` has it: every post at the institution has ended."""
    if context.organisation_id is None:
        return {}
    statement = sa.select(Post.practitioner_id, Post.start_on, Post.end_on).join(Post.site)
    here = statement.where(Post.practitioner_id.in_(ids), Site.organisation_id == context.organisation_id)
    stays: dict[int, list[Period]] = defaultdict(list)
    for key, start, end in session.execute(here):
        stays[key].append(Period(start, end))
    return {
        key: each for key, each in stays.items() if all(one.end and one.end <= context.on for one in each)
    }
