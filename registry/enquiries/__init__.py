"""咨询、投诉、建议: what people write to the register without an account, and what the district answers."""
