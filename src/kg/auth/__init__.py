"""Who may do what: tokens, and the audit log of their uses."""
