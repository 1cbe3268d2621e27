"""Worker processes: the zygote that forks them, the pool and scheduler that use them, and their sandbox."""
