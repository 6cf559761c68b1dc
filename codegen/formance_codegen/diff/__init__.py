"""What changed between two versions of a document, in terms of the Python API of its client."""
