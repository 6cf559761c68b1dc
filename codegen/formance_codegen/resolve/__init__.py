"""Resolving: the only place where a Python name is decided."""
