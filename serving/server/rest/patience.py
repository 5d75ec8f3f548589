"""How long the server waits for its HTTP clients."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long the server waits for a client, in seconds.

    Attributes:
        idle_s: For the next request; as long as load balancers keep a connection.
        transfer_s: For the headers, and for a body or an answer beside what it takes at
            `bytes_per_s`.
        bytes_per_s: The slowest client that is served.
        linger_s: For a client to read why it was refused while it was sending.
    """

    idle_s: float = 75.0
    transfer_s: float = 30.0
    bytes_per_s: float = 4096.0
    linger_s: float = 2.0
