"""专业目录: which majors count, and how the list is changed by one officer and published by another."""
