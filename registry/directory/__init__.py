"""What the public is shown of the register: open places, how they are found, what became of those that closed."""
