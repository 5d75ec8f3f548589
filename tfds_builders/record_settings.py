"""Facts about `RecordBuilder` that light code also needs."""

DEFAULT_EXAMPLES_PER_SHARD = 64

# What every builder takes; the rest of a builder's arguments are its own options.
RECORD_BUILDER_ARGUMENTS = (
    "config",
    "data_dir",
    "examples_per_shard",
    "keep_metadata",
    "manual_dir",
    "max_skipped_share",
    "version",
)
