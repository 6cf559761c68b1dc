"""Clients inside the source trees of others: how each was made, what it was, and what became of it there."""
