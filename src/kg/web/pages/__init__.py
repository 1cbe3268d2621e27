"""The pages for people: views, entities, search, charts."""
