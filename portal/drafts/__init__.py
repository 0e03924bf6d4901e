"""Pages of whatever is filled in as a draft: tasks, topics, checking one's answers, review. Nouns bring the words."""
