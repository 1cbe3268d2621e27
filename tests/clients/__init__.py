"""Common clients against a live server: each is a program of others, at one pinned version."""
