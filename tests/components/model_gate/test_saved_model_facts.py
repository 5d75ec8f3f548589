import json

import pytest

pytestmark = pytest.mark.integration


def make_model(folder, signatures=(), taxonomy=None):
    from tensorflow.core.protobuf import saved_model_pb2
    from tfx.types import standard_artifacts

    saved_model = saved_model_pb2.SavedModel()
    graph = saved_model.meta_graphs.add()
    for name in (*signatures, "__saved_model_init_op"):
        graph.signature_def[name].method_name = "tensorflow/serving/predict"
    (folder / "Format-Serving/assets").mkdir(parents=True)
    (folder / "Format-Serving/saved_model.pb").write_bytes(
        saved_model.SerializeToString()
    )
    if taxonomy:
        (folder / "Format-Serving/assets/taxonomy.json").write_text(
            json.dumps(taxonomy, ensure_ascii=False), "utf-8"
        )
    model = standard_artifacts.Model()
    model.uri = str(folder)
    return model


def test_signatures_and_taxonomy_are_read_without_loading(tmp_path):
    from components.model_gate.saved_model_facts import read_model_facts

    taxonomy = {"classes": [{"id": 0, "name": "Straße"}], "background_id": None}
    facts = read_model_facts(
        make_model(tmp_path, ["serving_default", "examples"], taxonomy)
    )
    assert facts.signatures == ["examples", "serving_default"]
    assert facts.taxonomy == taxonomy


def test_a_model_without_a_taxonomy_has_none(tmp_path):
    from components.model_gate.saved_model_facts import read_model_facts

    facts = read_model_facts(make_model(tmp_path, ["examples"]))
    assert (facts.signatures, facts.taxonomy) == (["examples"], None)


def test_a_folder_without_a_model_has_no_signature(tmp_path):
    from tfx.types import standard_artifacts

    from components.model_gate.saved_model_facts import read_model_facts

    model = standard_artifacts.Model()
    model.uri = str(tmp_path)
    facts = read_model_facts(model)
    assert (facts.signatures, facts.taxonomy) == ([], None)
