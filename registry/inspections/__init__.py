"""督导检查 of organisations and their sites, with what was found; 评估等级 and 示范 with their validity."""
