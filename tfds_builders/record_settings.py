"""Numbers of the shared record that light code also needs."""

DEFAULT_EXAMPLES_PER_SHARD = 64
