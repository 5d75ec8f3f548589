"""The error of a command that asks for something that cannot be."""


class UsageError(ValueError):
    """A name or value of the command line or configuration fits nothing."""
