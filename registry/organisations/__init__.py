"""Legal entities apart from their sites, and the standings that entities hold."""
