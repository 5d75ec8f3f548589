"""Client of a served model over gRPC or REST, without TensorFlow.

Example:
    >>> from serving.client import connect
    >>> with connect("http://127.0.0.1:8501") as client:   # doctest: +SKIP
    ...     prediction = client.predict(open("car.jpg", "rb").read())
"""

from serving.client.client import Client, connect
from serving.client.errors import (
    ClientError,
    DeadlineError,
    ServerError,
    ServingError,
    UnavailableError,
)
from serving.client.model_state import ModelMetadata, ModelStatus
from serving.client.prediction import Prediction

__all__ = [
    "Client",
    "ClientError",
    "DeadlineError",
    "ModelMetadata",
    "ModelStatus",
    "Prediction",
    "ServerError",
    "ServingError",
    "UnavailableError",
    "connect",
]
