"""Where services are and where they are missing: boundaries, maps on paper and on screen, streets as tiles."""
