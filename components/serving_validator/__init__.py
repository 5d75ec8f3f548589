"""The node that proves a packaged model on a real server before it is pushed."""
