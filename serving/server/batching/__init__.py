"""Requests of several clients that run through a graph together."""
