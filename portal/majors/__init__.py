"""专业目录 on pages: the list, the proposals to change it, and their rehearsal."""
