"""Commands parse, call one operation, commit, print. What a page does, a command can do, with the same permissions."""
