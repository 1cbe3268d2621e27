"""HTTP: negotiation, conditional requests, response cache, Memento, security headers, authorization."""
