"""The curated schema parses and says what the record promises."""

from __future__ import annotations

import pytest
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from tfx_pipeline.pipeline.record_schema import (
    SLICE_FEATURES,
    check_slice_features,
    check_task,
    schema_text,
)


def parsed(*tasks: str) -> dict[str, schema_pb2.Feature]:
    schema = text_format.Parse(schema_text(tasks), schema_pb2.Schema())
    return {feature.name: feature for feature in schema.feature}


def test_every_feature_is_present_once_in_every_record() -> None:
    features = parsed("car", "parts")

    assert len(features) == 13
    for feature in features.values():
        assert feature.presence.min_fraction == 1.0
        assert feature.shape.dim[0].size == 1


def test_a_datasets_own_slices_are_texts() -> None:
    text = schema_text(["car"], (*SLICE_FEATURES, "make"))

    schema = text_format.Parse(text, schema_pb2.Schema())

    features = {feature.name: feature for feature in schema.feature}
    assert len(features) == 13
    assert features["make"].type == schema_pb2.BYTES
    assert features["make"].presence.min_fraction == 1.0


def test_an_unknown_slice_is_refused_with_the_known_ones() -> None:
    check_slice_features(["view", "make"], [*SLICE_FEATURES, "make"])

    with pytest.raises(
        ValueError,
        match=r"^evaluate\.slice_features: there is no .*'maker'; did you mean make",
    ):
        check_slice_features(["maker"], [*SLICE_FEATURES, "make"])


def test_photos_and_masks_are_images() -> None:
    features = parsed("car", "parts")

    images = {
        name for name, entry in features.items() if entry.HasField("image_domain")
    }

    assert images == {"image", "mask/car", "mask/parts"}


def test_orientation_and_splits_have_their_values() -> None:
    features = parsed("car")

    orientation = features["orientation"].int_domain
    assert (orientation.min, orientation.max) == (1, 8)
    assert list(features["split"].string_domain.value) == ["train", "eval", "test"]


def test_a_task_without_a_mask_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="named 'part'; did you mean parts"):
        check_task("part", ["car", "parts"], "d")
