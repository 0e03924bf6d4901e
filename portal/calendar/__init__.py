"""The calendar: deadlines by month, a private address for calendar programs, and the schedule of a year."""
