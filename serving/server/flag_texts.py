"""Every flag of the server: its name, its type and what `--help` says of it."""

from __future__ import annotations

Flag = tuple[str, type, str]

# Those of tensorflow_model_server 2.16; the last three do nothing here.
SHARED_FLAGS: tuple[Flag, ...] = (
    ("port", int, "gRPC port"),
    ("grpc_socket_path", str, "also listen for gRPC on this UNIX socket"),
    ("grpc_max_threads", int, "threads for gRPC"),
    ("grpc_channel_arguments", str, "key=value,key=value for the gRPC server"),
    ("enable_grpc_healthcheck_service", bool, "answer grpc.health.v1.Health"),
    ("ssl_config_file", str, "text SSLConfig: TLS for gRPC, REST stays plain"),
    ("rest_api_port", int, "REST port; 0 is no REST"),
    ("rest_api_timeout_in_ms", int, "milliseconds that a REST request may take"),
    ("rest_api_num_threads", int, "threads for REST; 0 is four per core"),
    ("rest_api_enable_cors_support", bool, "send CORS headers to browsers"),
    ("model_name", str, "name of the model at --model_base_path"),
    ("model_base_path", str, "folder of version folders such as 1/, 2/"),
    ("model_config_file", str, "text ModelServerConfig; wins over name and path"),
    (
        "model_config_file_poll_wait_seconds",
        int,
        "seconds between two looks into --model_config_file; 0 reads it once",
    ),
    (
        "allow_version_labels_for_unavailable_models",
        bool,
        "labels may name versions that are not loaded yet, as at the first start",
    ),
    (
        "file_system_poll_wait_seconds",
        int,
        "seconds between two looks for versions; 0 looks once",
    ),
    ("max_num_load_retries", int, "further tries to load a version"),
    ("load_retry_interval_micros", int, "microseconds between two tries"),
    ("num_load_threads", int, "versions that load at a time; 0 is no limit"),
    ("num_unload_threads", int, "versions that unload at a time; 0 is no limit"),
    ("enable_batching", bool, "run requests of several clients together"),
    ("batching_parameters_file", str, "text BatchingParameters"),
    (
        "enable_per_model_batching_parameters",
        bool,
        "read batching_params.pbtxt of a version's folder",
    ),
    ("enable_model_warmup", bool, "replay assets.extra/tf_serving_warmup_requests"),
    ("num_request_iterations_for_warmup", int, "times that each request is replayed"),
    (
        "enable_signature_method_name_check",
        bool,
        "Classify and Regress check the method name of a signature",
    ),
    ("saved_model_tags", str, "tags of the graph, separated by commas"),
    ("tensorflow_session_parallelism", int, "both of the next two; 0 is auto"),
    ("tensorflow_intra_op_parallelism", int, "threads of one operation; 0 is auto"),
    ("tensorflow_inter_op_parallelism", int, "operations at a time; 0 is auto"),
    (
        "per_process_gpu_memory_fraction",
        float,
        "share of a GPU's memory to take; 0 is what TensorFlow chooses",
    ),
    ("monitoring_config_file", str, "text MonitoringConfig; opens Prometheus metrics"),
    ("flush_filesystem_caches", bool, "accepted, does nothing here"),
    ("remove_unused_fields_from_bundle_metagraph", bool, "accepted, does nothing here"),
    ("enable_profiler", bool, "accepted, does nothing here"),
)

OWN_FLAGS: tuple[Flag, ...] = (
    ("bind", str, "address to listen on; 0.0.0.0 is every network"),
    ("drain_seconds", float, "seconds for running requests after SIGTERM or Ctrl-C"),
    (
        "max_image_pixels",
        int,
        "pixels of a picture above which it is refused before decoding; 0 is no limit",
    ),
    (
        "max_request_bytes",
        int,
        "bytes of a request above which it is refused, unpacked too; 0 is no limit",
    ),
    (
        "max_request_seconds",
        float,
        "seconds that a gRPC request without a deadline may take; 0 is no limit",
    ),
    (
        "max_queued_requests",
        int,
        "requests that may wait for a thread, further ones are refused; 0 is no limit",
    ),
    ("request_log", str, "folder for TFRecords of PredictionLog; empty is no log"),
    ("request_log_sampling_rate", float, "share of the requests to log, 0..1"),
    (
        "print_tensorflow_serving",
        bool,
        "print the docker command of the tensorflow/serving image, and end",
    ),
)
