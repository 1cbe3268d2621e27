"""The source page: text ⇄ model; every value keeps its place (line, columns)."""
