"""The `carseg` command."""
