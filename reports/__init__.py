"""What is read out of the registry: rows in, bytes or frozen dataclasses out; opens no session, knows no request."""
