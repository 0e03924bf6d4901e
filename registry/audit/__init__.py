"""操作留痕: the append-only, hash-chained trail of what was done, by whom, and what was refused."""
