"""The REST side: JSON forms, routes and the listener."""
