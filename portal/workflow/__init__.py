"""The inbox: what waits for whoever is signed in."""
