"""The kinds of things that have a page of their own making; anything else is shown as it is described."""
