"""督导检查: recorded by officers, answered by organisations; ratings and demonstration status from their papers."""
