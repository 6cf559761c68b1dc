"""What the guard tests look for, as functions that can be tried on bad samples."""
