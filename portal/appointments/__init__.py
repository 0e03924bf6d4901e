"""人员账号 and 任免: who holds which position, and who is to."""
