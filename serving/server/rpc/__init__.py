"""The gRPC side: services, health, TLS."""
