"""The messages that a client of TensorFlow Serving needs, without TensorFlow.

`tensorflow_serving.apis` holds the same messages, but importing it loads TensorFlow.
The files here have a package of their own, `carseg.wire`, so that both can live in one
process, and the field numbers of TF Serving, so that both write the same bytes.

The `_pb2.py` files are generated; after a change of a `.proto`:

    python -m grpc_tools.protoc -I. --python_out=. serving/wire/*.proto
"""
