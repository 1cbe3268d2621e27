"""Random changes of a graph, and the proof that validating what they affect finds what validating everything finds.

``python -m changes [--changes 200] [--seed 1]`` makes them on the graph of the owner's page.
"""
