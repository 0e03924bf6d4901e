"""部门任务单: what one department asks of another, with a deadline and a reply."""
