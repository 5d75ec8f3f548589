"""Tests of `tfx_pipeline.runners.kubeflow`."""
