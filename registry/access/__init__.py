"""Who may do what: accounts, roles, scopes, and the one permission table as predicate and as SQL."""
