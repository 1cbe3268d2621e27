"""Versions on disk and the evaluation of queries on one version."""
