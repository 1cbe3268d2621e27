"""The live server killed with SIGKILL at random moments, under a stream of commits and readers.

``serving`` starts and kills it; ``clients`` write and read, and keep account of what they were told; ``ledger``
compares what the store holds with that account.
"""
