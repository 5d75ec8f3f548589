"""The training room: from prepared pictures and settings to the best weights."""
