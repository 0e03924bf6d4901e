"""Fields that nobody reads in the database: each value sealed by itself, found again by a blind index."""
