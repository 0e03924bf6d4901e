"""证书到期: registrations that end, who is reminded of them by night, and reminders that a regulator sends to many."""
