"""部门任务单: sent, answered and closed on pages, and the joint list of a place."""
