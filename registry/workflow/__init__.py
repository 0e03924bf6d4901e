"""Runs the transition tables that the nouns declare: one door, history, clocks and to-dos."""
