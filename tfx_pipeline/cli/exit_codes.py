"""What the exit code of `carseg` tells."""

DONE = 0
FAILED = 1
WRONG_USAGE = 2
REFUSED = 3
