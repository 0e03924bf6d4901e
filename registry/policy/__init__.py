"""What policy says, as dated rows: parameters, targets, the working calendar, and frozen verdicts."""
