"""Views to formatted files: Jinja templates and black."""
