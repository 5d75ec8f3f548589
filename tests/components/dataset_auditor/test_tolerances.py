import pytest

from components.dataset_auditor.tolerances import AuditTolerances


def test_round_trips_through_json_fields():
    bounds = AuditTolerances(max_void_share=0.25, max_near_duplicate_pairs=3)
    assert AuditTolerances.from_dict(bounds.to_dict()) == bounds
    assert AuditTolerances.from_dict({}) == AuditTolerances()


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("max_void_share", 1.5, "max_void_share must be a share 0..1, got 1.5"),
        ("max_void_share", "a", "max_void_share must be a share 0..1, got 'a'"),
        ("max_anomalies", -1, "max_anomalies must be a whole number >= 0, got -1"),
        ("speck_area_px", 2.5, "speck_area_px must be a whole number >= 0, got 2.5"),
        ("max_anomalies", True, "max_anomalies must be a whole number >= 0, got True"),
        ("near_duplicate_similarity", 0.2, "near_duplicate_similarity must be 0.5..1"),
    ],
)
def test_impossible_values_are_refused_by_name(field, value, reason):
    with pytest.raises(ValueError, match=reason):
        AuditTolerances(**{field: value})


def test_unknown_fields_are_refused_by_name():
    with pytest.raises(ValueError, match="unknown tolerance max_sheep"):
        AuditTolerances.from_dict({"max_sheep": 1})
