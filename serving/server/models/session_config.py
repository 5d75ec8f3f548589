"""What the command line says about TensorFlow's threads and memory."""

from __future__ import annotations

from tensorflow.core.protobuf import config_pb2

from serving.server.errors import InvalidArgumentError


def session_config(
    *,
    session_threads: int,
    intra_op_threads: int,
    inter_op_threads: int,
    gpu_memory_fraction: float,
) -> config_pb2.ConfigProto:
    """Returns the configuration of every Session of the server.

    Args:
        session_threads: Both of the next two where they are 0; 0 is as many as cores.
        intra_op_threads: Threads of one operation.
        inter_op_threads: Operations at a time.
        gpu_memory_fraction: Of each GPU, what to take; 0 is what TensorFlow chooses.

    Raises:
        InvalidArgumentError: All three numbers of threads are given.
    """
    if session_threads and intra_op_threads and inter_op_threads:
        raise InvalidArgumentError(
            "Either configure server_options.tensorflow_session_parallelism or"
            " (server_options.tensorflow_intra_op_parallelism,"
            " server_options.tensorflow_inter_op_parallelism) separately. You cannot"
            " configure all."
        )
    if not intra_op_threads and not inter_op_threads:
        intra_op_threads = inter_op_threads = session_threads
    config = config_pb2.ConfigProto(
        intra_op_parallelism_threads=intra_op_threads,
        inter_op_parallelism_threads=inter_op_threads,
    )
    config.gpu_options.per_process_gpu_memory_fraction = gpu_memory_fraction
    return config
