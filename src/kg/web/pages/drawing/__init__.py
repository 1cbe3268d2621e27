"""Pictures drawn on the server: data → accessible SVG, with the table that stands behind it."""
