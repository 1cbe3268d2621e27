"""Hostile clients against the live server, while ordinary ones go on asking.

``running`` starts a server as a user would and looks at its processes; ``ordinary`` asks questions with known answers
and measures; ``queries`` and ``connections`` are what hostile clients send.
"""
