"""Compiles the pipeline for Kubeflow Pipelines v2, and runs a node in its container."""
