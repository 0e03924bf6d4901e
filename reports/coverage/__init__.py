"""Where services are and where they are missing: boundaries, and later the map and the accessibility of places."""
