"""Papers: one build of figures, written once as sentences, tables and pictures, laid out as PDF and as a Word file."""
