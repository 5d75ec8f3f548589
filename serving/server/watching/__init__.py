"""What the server tells about its work: metrics, request log."""
