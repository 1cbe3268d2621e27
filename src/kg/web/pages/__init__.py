"""What people read: pages, lists, charts, templates."""
