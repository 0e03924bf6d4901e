"""Look-ups that several kinds of workbook share: loaded once for a file, asked for every cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.divisions.codes import CANONICAL_LENGTHS, WITHOUT_CHILDREN, candidates
from registry.divisions.models import Division
from registry.intake.problems import Doubt
from registry.messages import N_, message
from registry.parsing import Cell, CellProblem, half_width


@dataclass(frozen=True)
class KnownDivision:
    """What a load needs to know of a division."""

    name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Divisions:
    """Every division, by its canonical code; of several periods the last one counts."""

    by_code: Mapping[str, KnownDivision]
    on: date

    @classmethod
    def load(cls, session: Session, *, on: date) -> "Divisions":
        """One statement, columns only."""
        columns = (Division.code, Division.name, Division.valid_from, Division.valid_to)
        rows = session.execute(sa.select(*columns).order_by(Division.valid_from))
        return cls({code: KnownDivision(name, begun, ended) for code, name, begun, ended in rows}, on)

    def find(self, readings: tuple[str, ...]) -> str | Doubt:
        """The canonical code that a typed one stands for on the day of the load."""
        code = next((reading for reading in readings if reading in self.by_code), None)
        if code is None:
            return self._fall_back(readings)
        ended = self.by_code[code].valid_to
        if ended is not None and ended <= self.on:
            raise CellProblem(
                message(N_("这个区划已于%(day)s撤销或更换代码。"), day=ended.isoformat()),
                message(N_("请改填现行的区划代码。")),
            )
        return code

    def _fall_back(self, readings: tuple[str, ...]) -> Doubt:
        typed = readings[0]
        region = typed[:2]
        if region in WITHOUT_CHILDREN and region in self.by_code:
            return Doubt(
                region,
                message(
                    N_("区划表在“%(name)s”之下不再细分，这一行记到“%(name)s”。"),
                    name=self.by_code[region].name,
                ),
                message(N_("不用改；如需更细的位置，请写在地址里。")),
            )
        above = next((typed[:n] for n in reversed(CANONICAL_LENGTHS) if typed[:n] in self.by_code), None)
        if above is None:
            raise CellProblem(
                message(N_("没有这个区划代码。")),
                message(N_("请按现行行政区划代码填写2、4、6、9或12位数字，如310101。")),
            )
        raise CellProblem(
            message(
                N_("没有这个区划代码；前几位对应的是“%(name)s”（%(code)s）。"),
                name=self.by_code[above].name,
                code=above,
            ),
            message(N_("请在“行政区划”页查到现行代码后重填，不能确定下级的可填%(code)s。"), code=above),
        )


def division_code(cell: Cell) -> tuple[str, ...]:
    """What a typed code may mean, best first; `Divisions.find` picks the one that exists."""
    readings = candidates("".join(half_width(cell).split()))
    if not readings:
        raise CellProblem(
            message(N_("区划代码应为2、4、6、9或12位数字。")),
            message(N_("请填代码，不填名称，如310101；末尾补零的写法（310000）也可以。")),
        )
    return readings
