"""A real process killed at every step of a page's life."""
