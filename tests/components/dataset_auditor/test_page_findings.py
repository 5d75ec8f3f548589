from components.dataset_auditor.findings import RULES, Finding
from components.dataset_auditor.page_findings import (
    TITLES,
    findings_sections,
    thumbnails_wanted,
)


def finding(index, keys=1):
    return Finding(
        rule="exact_duplicate",
        detail="the same pixels",
        examples=tuple(f"{index}-{key}" for key in range(keys)),
        splits=("train",) * keys,
        record_keys=tuple(f"key {index}-{key}" for key in range(keys)),
    )


def test_every_rule_has_a_title():
    assert set(TITLES) == set(RULES)


def test_only_what_is_shown_is_drawn():
    wanted = thumbnails_wanted([finding(index, keys=9) for index in range(50)])
    assert len(wanted) == 12 * 4
    assert {"key 0-0", "key 11-3"} <= wanted
    assert not {"key 0-4", "key 12-0"} & wanted


def test_pictures_end_before_the_page_is_too_big():
    findings = [finding(index) for index in range(12)]
    heavy = {key: "A" * 1_000_000 for key in thumbnails_wanted(findings)}
    html = findings_sections(findings, heavy)
    assert html.count("<img ") == 3
    assert html.count("picture left out") == 9
    assert len(html) < 5_000_000
