"""What is kept for everybody: divisions with their changes, and the numbers of policy with their sources."""
