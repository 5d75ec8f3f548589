"""Walks a compiled pipeline as Kubeflow Pipelines would, without a cluster.

Every file stands in for a part of Kubeflow's backend and names the Go source that it
follows; what a node does is the node's own container command.
"""
