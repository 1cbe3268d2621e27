"""From source files to a commit: building, comparing, merging, distributing."""
