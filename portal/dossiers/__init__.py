"""建档: the list of charities and associations, each dossier with its history, its check, and what is said of it."""
