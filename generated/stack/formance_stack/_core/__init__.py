"""The runtime of a generated client: everything that is the same for every API."""
