"""Appointments: how somebody comes to hold a position, with a second person who lets him."""
