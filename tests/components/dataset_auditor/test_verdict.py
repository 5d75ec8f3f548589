import pytest

from components.dataset_auditor.findings import Finding
from components.dataset_auditor.tolerances import AuditTolerances
from components.dataset_auditor.verdict import judge


def verdict_of(findings=(), **changes):
    options = {
        "examples": 100,
        "void_share": 0.0,
        "split_sizes": {"train": 80, "test": 20},
        "skipped_share": 0.0,
        "tolerances": AuditTolerances(),
    }
    return judge(list(findings), **(options | changes))


def findings_of(rule, count, **fields):
    return [
        Finding(rule=rule, detail=f"number {index}", examples=(str(index),), **fields)
        for index in range(count)
    ]


def test_nothing_found_is_blessed():
    verdict = verdict_of()
    assert verdict.blessed
    assert verdict.findings == ()


def test_a_share_on_the_bound_warns_and_one_more_refuses():
    warned = verdict_of(findings_of("undecodable_image", 1))
    assert warned.blessed
    assert [finding.severity for finding in warned.findings] == ["warn"]
    refused = verdict_of(findings_of("undecodable_image", 2))
    assert refused.reasons == (
        "2 of 100 examples (2.00%) cannot be decoded; at most 1.00% may"
        " (max_undecodable_share)",
    )
    assert {finding.severity for finding in refused.findings} == {"refuse"}


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("missing_feature", "1 of 100 examples (1.00%) lack a feature; at most 0.00%"),
        ("size_mismatch", "1 of 100 examples (1.00%) have sizes that disagree"),
        ("unknown_id", "1 of 100 examples (1.00%) hold ids outside the taxonomy"),
        ("bad_instances", "1 of 100 examples (1.00%) have unreadable instances"),
        ("duplicate_example_id", "example ids used twice: 1, allowed are 0"),
        ("group_in_two_splits", "groups in two splits: 1, allowed are 0"),
        ("exact_duplicate", "pictures in two splits: 1, allowed are 0"),
        ("near_duplicate", "pairs of near-duplicates across splits: 1, allowed"),
        ("anomaly", "anomalies of ExampleValidator: 1, allowed are 0"),
    ],
)
def test_one_finding_of_a_strict_rule_refuses(rule, reason):
    (said,) = verdict_of(findings_of(rule, 1)).reasons
    assert said.startswith(reason)


@pytest.mark.parametrize(
    ("rule", "count", "field"),
    [
        ("empty_mask", 2, "max_empty_mask_share"),
        ("background_only_mask", 51, "max_background_only_share"),
    ],
)
def test_softer_rules_refuse_above_their_share(rule, count, field):
    assert verdict_of(findings_of(rule, count - 1)).blessed
    (said,) = verdict_of(findings_of(rule, count)).reasons
    assert said.startswith(f"{count} of 100 examples") and said.endswith(f"({field})")


@pytest.mark.parametrize(
    ("rule", "field"),
    [("specks", "max_specky_share"), ("void_share", "max_void_heavy_share")],
)
def test_rules_that_only_warn_refuse_once_their_share_is_lowered(rule, field):
    assert verdict_of(findings_of(rule, 100)).blessed
    bounds = AuditTolerances(**{field: 0.5})
    assert not verdict_of(findings_of(rule, 51), tolerances=bounds).blessed


def test_a_finding_that_does_not_count_never_refuses():
    verdict = verdict_of(
        [
            *findings_of("exact_duplicate", 1),
            *findings_of("exact_duplicate", 5, counts=False),
        ]
    )
    assert verdict.reasons[0].startswith("pictures in two splits: 1")
    assert sorted(finding.severity for finding in verdict.findings) == [
        "refuse",
        *["warn"] * 5,
    ]


def test_measures_of_the_whole_refuse():
    assert verdict_of(void_share=0.51).reasons == (
        "51.00% of all mask pixels are void; at most 50.00% may be (max_void_share)",
    )
    strict = AuditTolerances(max_skipped_share=0.05)
    assert verdict_of(skipped_share=0.06, tolerances=strict).reasons == (
        "6.00% of the sources were skipped by the builder; at most 5.00% may be"
        " (max_skipped_share)",
    )
    empty = verdict_of(split_sizes={"train": 5, "eval": 0})
    assert empty.reasons == (
        "split 'eval' holds 0 examples; at least 1 are needed (min_examples_per_split)",
    )
    assert [finding.rule for finding in empty.findings] == ["empty_split"]
    assert not verdict_of(split_sizes={}, examples=0).blessed


def test_order_does_not_matter():
    findings = [*findings_of("specks", 5), *findings_of("unknown_id", 3)]
    assert verdict_of(findings) == verdict_of(findings[::-1])
