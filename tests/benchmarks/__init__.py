"""The numbers, side by side on one machine: our server, others of its kind, and a bare HTTP server.

``questions`` are what is asked; ``peers`` starts each server with the same graph; ``wrk`` measures; ``table`` compares
what was measured with what is wanted. ``make benchmark`` runs it all. ``commits`` and ``size`` measure our server
alone: ``stores`` makes and serves what they measure, ``writer`` commits.
"""
