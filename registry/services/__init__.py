"""What an organisation offers at its sites, and what was done there: services, their reports, activity records."""
