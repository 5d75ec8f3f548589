"""A client that knows nothing of this project: TensorFlow Serving's stub, in a process.

    python stub_client.py HOST:PORT MODEL PHOTO...

Prints one JSON list with, per photo, its mask as rows of class ids.
"""

import json
import pathlib
import sys

import grpc
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

address, model, *paths = sys.argv[1:]
request = predict_pb2.PredictRequest()
request.model_spec.name = model
photos = [pathlib.Path(path).read_bytes() for path in paths]
request.inputs["image_bytes"].CopyFrom(tf.make_tensor_proto(photos))
with grpc.insecure_channel(address) as channel:
    stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
    response = stub.Predict(request, timeout=60, compression=grpc.Compression.Gzip)
pngs = tf.make_ndarray(response.outputs["mask_png_bytes"])
masks = [tf.io.decode_png(png)[..., 0].numpy().tolist() for png in pngs]
ours = [name for name in sys.modules if name.split(".")[0] in ("serving", "tests")]
print(json.dumps({"masks": masks, "ours": ours}))
