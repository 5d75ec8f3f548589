"""What holds for every test."""

import os

# `carseg run` switches oneDNN on for the rest of its process. Here that would reach the
# processes of later tests, some of which compare trainings bit by bit.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
