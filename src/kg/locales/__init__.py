"""The languages of the pages: their catalogues, and how each writes dates, numbers, lists and names; no Flask."""
