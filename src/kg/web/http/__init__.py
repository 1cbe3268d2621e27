"""What HTTP asks of every answer: negotiation, conditional requests, caching, Memento, security headers."""
