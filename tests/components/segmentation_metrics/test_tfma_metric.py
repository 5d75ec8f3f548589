import logging

import numpy as np
import pytest

from tests.components.segmentation_metrics.plain_loops import oracle

pytestmark = pytest.mark.integration

NAMES = ("background", "square")
INDICES = range(6)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    from tests.components.segmentation_metrics import rule_models

    folder = tmp_path_factory.mktemp("drawn")
    return {
        "examples": rule_models.make_examples(folder / "set", test=INDICES),
        "bright": rule_models.make_model(folder / "bright", rule_models.bright),
        "red": rule_models.make_model(folder / "red", rule_models.red_only),
        "old": rule_models.make_model(folder / "old", rule_models.bright, "masks"),
    }


def run_evaluator(drawn, out_dir, baseline=None, model="bright"):
    import tensorflow_model_analysis as tfma

    from tests.components.segmentation_metrics.rule_models import evaluate

    before = drawn[baseline] if baseline else None
    evaluate(drawn["examples"], drawn[model], before, out_dir)
    return tfma, {
        model_name: dict(
            tfma.load_eval_result(
                str(out_dir), model_name=model_name or None
            ).get_metrics_for_all_slices()
        )
        for model_name in (("candidate", "baseline") if baseline else ("",))
    }


def expected_numbers(rule, indices):
    from tests.components.segmentation_metrics.rule_models import draw_pair

    pairs = [draw_pair(index) for index in indices]
    predictions = [rule(image).numpy() for image, _ in pairs]
    return oracle([mask for _, mask in pairs], predictions, NAMES)


def assert_equal(found, expected):
    for name, value in expected.items():
        number = found[name]["doubleValue"]
        assert float(number) == pytest.approx(value, abs=1e-6, nan_ok=True), name


def test_the_evaluators_numbers_and_slices_equal_the_plain_loops(drawn, tmp_path):
    from tests.components.segmentation_metrics.rule_models import bright

    _, results = run_evaluator(drawn, tmp_path)
    slices = results[""]
    assert sorted(slices) == [
        (),
        (("domain", "synthetic"),),
        (("view", "front"),),
        (("view", "rear"),),
    ]
    whole = expected_numbers(bright, INDICES)
    assert 0.5 < whole["miou"] < 1  # else the comparison would prove nothing
    assert_equal(slices[()], whole)
    assert_equal(slices[(("domain", "synthetic"),)], whole)
    assert_equal(slices[(("view", "front"),)], expected_numbers(bright, [0, 2, 4]))
    assert_equal(slices[(("view", "rear"),)], expected_numbers(bright, [1, 3, 5]))


def test_the_baseline_is_measured_in_the_same_run(drawn, tmp_path):
    from tests.components.segmentation_metrics.rule_models import bright, red_only

    _, results = run_evaluator(drawn, tmp_path, baseline="red")
    assert_equal(results["candidate"][()], expected_numbers(bright, INDICES))
    assert_equal(results["baseline"][()], expected_numbers(red_only, INDICES))
    rear = (("view", "rear"),)
    assert_equal(results["baseline"][rear], expected_numbers(red_only, [1, 3, 5]))


def test_a_baseline_of_another_signature_counts_no_example(drawn, tmp_path):
    from tests.components.segmentation_metrics.rule_models import bright

    _, results = run_evaluator(drawn, tmp_path, baseline="old")
    assert_equal(results["candidate"][()], expected_numbers(bright, INDICES))
    assert results["baseline"][()]["examples"]["doubleValue"] == 0


def test_a_candidate_of_another_signature_ends_the_run(drawn, tmp_path):
    logging.getLogger("apache_beam").setLevel(logging.CRITICAL)
    with pytest.raises(Exception, match="needs the signature 'examples', it has"):
        run_evaluator(drawn, tmp_path, model="old")


def decode(model_name="", prediction=b"", feature="mask/car"):
    """Puts one example through the metric's first step."""
    from components.segmentation_metrics.class_names import ClassNames
    from components.segmentation_metrics.measurement import Measuring
    from components.segmentation_metrics.standard_measures import standard_measures
    from components.segmentation_metrics.tfma_metric import MeasurePhoto
    from tfds_builders.png_encoding import encode_mask_png

    classes = ClassNames(names=NAMES, background_id=0)
    step = MeasurePhoto(
        feature=feature,
        prediction_key="mask_png_bytes",
        model_name=model_name,
        measuring=Measuring(classes=classes, measures=standard_measures(classes)),
    )
    truth = encode_mask_png(np.zeros((4, 5), np.uint8))
    predictions = {"mask_png_bytes": np.array([prediction], object)}
    named = {model_name: predictions} if model_name else predictions
    features = {"mask/car": [truth], "group_id": [b"car 1"]}
    extracts = {"features": {key: np.array(x, object) for key, x in features.items()}}
    return list(step.process(extracts | {"predictions": named}))


def test_a_missing_mask_names_the_feature():
    with pytest.raises(
        ValueError, match=r"needs 'mask/van', there are \['group_id', 'mask/car'\]"
    ):
        decode(feature="mask/van")


def test_a_mask_of_another_size_ends_the_run_unless_it_is_the_baselines():
    from tfds_builders.png_encoding import encode_mask_png

    small, right = (
        encode_mask_png(np.zeros(size, np.uint8)) for size in ((2, 2), (4, 5))
    )
    for name in ("", "candidate"):
        with pytest.raises(ValueError, match=r"one shape, got \(4, 5\) and \(2, 2\)"):
            decode(name, small)
    assert decode("baseline", small) == [] == decode("baseline", b"no picture")
    (photo,) = decode("baseline", right)
    assert photo["segmentation_photo"].totals.examples == 1
    assert photo["segmentation_photo"].sums.group_id == b"car 1"
