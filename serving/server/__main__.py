"""Runs `python -m serving.server`."""

from __future__ import annotations

import os
import sys
import warnings

from serving.server.process import serve

if __name__ == "__main__":
    # Read by TensorFlow's C++ side when it is loaded: no greetings of its. What goes
    # wrong with a model or a request is told by its status.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    sys.exit(serve(sys.argv[1:]))
