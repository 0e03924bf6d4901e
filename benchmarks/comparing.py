"""Times two ways of doing the same work in turn, and keeps what came out. Ratios are goals; seconds are only shown."""

import gc
import json
import os
import platform
import resource
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "build" / "bench"
"""Generated databases, environments of the peers and results; `make clean` removes it."""

RESULTS = FOLDER / "results"
COMPARED: list["Comparison"] = []
"""What this run has measured, in order: the table at its end."""

Clock = Callable[[], float]
Work = Callable[[], object]


@dataclass(frozen=True)
class Comparison:
    """Ours beside a baseline, in the same unit and by the same clock, in the same run."""

    work: str
    baseline_name: str
    ours: float
    baseline: float
    limit: float
    is_speedup: bool
    """The goal is to be so many times faster; otherwise, to take at most so many times as long."""
    note: str = ""
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """How many times faster, or how many times as long."""
        return self.baseline / self.ours if self.is_speedup else self.ours / self.baseline

    @property
    def is_met(self) -> bool:
        """Whether the ratio keeps the limit."""
        return self.ratio >= self.limit if self.is_speedup else self.ratio <= self.limit

    @property
    def goal(self) -> str:
        """The limit as the table prints it."""
        return f"{'≥' if self.is_speedup else '≤'} {self.limit:g}×"


def record(comparison: Comparison) -> None:
    """Put a result into the table and into a file of its own, with what is needed to judge it."""
    COMPARED.append(comparison)
    RESULTS.mkdir(parents=True, exist_ok=True)
    facts = asdict(comparison) | {"ratio": round(comparison.ratio, 3), "is_met": comparison.is_met}
    words = f"{comparison.work} against {comparison.baseline_name}"
    name = "-".join("".join(sign if sign.isalnum() else " " for sign in words).split()).lower()
    (RESULTS / f"{name}.json").write_text(json.dumps(facts | machine(), ensure_ascii=False, indent=2) + "\n")


def machine() -> dict[str, object]:
    """Where and under what load it was measured."""
    return {
        "cores": os.cpu_count(),
        "load": [round(load, 1) for load in os.getloadavg()],
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def interleaved(works: Sequence[Work], *, rounds: int = 5, clock: Clock = time.process_time) -> list[float]:
    """The median of each work's times, the works taking turns; once before that, unmeasured, to warm up."""
    times: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(rounds):
        for taken, work in zip(times, works, strict=True):
            gc.collect()
            start = clock()
            work()
            taken.append(clock() - start)
    return [statistics.median(taken) for taken in times]


def seconds_of(work: Work, *, clock: Clock = time.process_time) -> float:
    """One run, for what takes too long to be repeated."""
    start = clock()
    work()
    return clock() - start


def cpu_of_children() -> float:
    """A clock: processor time of the child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def table(comparisons: Sequence[Comparison]) -> list[str]:
    """The lines of the closing table."""
    rows = [("work", "baseline", "ours", "baseline", "ratio", "goal", "")]
    rows += [
        (
            it.work,
            it.baseline_name,
            _shown(it.ours, it.unit),
            _shown(it.baseline, it.unit),
            f"{it.ratio:.2f}×",
            it.goal,
            "met" if it.is_met else "MISSED",
        )
        for it in comparisons
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows]
    notes = [f"{it.work} against {it.baseline_name}: {it.note}" for it in comparisons if it.note]
    return [*lines, "", *notes]


def _shown(number: float, unit: str) -> str:
    if unit != "s":
        return f"{number:g} {unit}"
    return f"{number:.2f} s" if number >= 1 else f"{number * 1000:.2f} ms"
