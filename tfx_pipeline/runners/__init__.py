"""Where a pipeline runs: workspaces, fingerprints, the local runner."""
