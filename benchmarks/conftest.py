"""Prints the table of all comparisons when the run is over."""

import pytest

from benchmarks.comparing import COMPARED, machine, table


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if COMPARED:
        terminalreporter.section("ours beside the baselines (medians; only ratios are goals)")
        terminalreporter.write_line(str(machine()))
        for line in table(COMPARED):
            terminalreporter.write_line(line)
