"""Reading documents: text to checked data of one dialect, OpenAPI 3.1, with a place for every part."""
