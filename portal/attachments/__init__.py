"""Files that people attach to a record: checked, drawn anew, sealed, handed out to whoever may see them (control 9)."""
