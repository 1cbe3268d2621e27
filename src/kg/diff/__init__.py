"""What differs between graphs: changesets, three-way merges, and the words for them."""
