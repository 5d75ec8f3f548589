"""The gate that decides whether a model may go live, and says why."""
