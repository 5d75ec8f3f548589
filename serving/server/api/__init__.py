"""What the calls of the API mean, whichever way they came."""
