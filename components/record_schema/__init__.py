"""The node that gives the curated schema of the records."""
