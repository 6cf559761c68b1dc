"""Views: what templates print, in Python's terms; the only place where text of a document becomes Python."""
