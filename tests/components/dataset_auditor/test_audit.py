import json
import random
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from components.dataset_auditor.audit import run_audit
from components.dataset_auditor.tolerances import AuditTolerances
from tests.components.dataset_auditor.drawn_records import (
    TAXONOMY,
    draw_mask,
    draw_photo,
    encode,
    make_record,
    write_records,
)

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning:google")


def audit(tmp_path, splits, name="out", **options):
    files = {
        split: [write_records(tmp_path / name / f"Split-{split}" / "data.gz", records)]
        for split, records in splits.items()
    }
    return audit_files(tmp_path / name, files, **options)


def audit_files(folder, files, **options):
    settings = {"task": "car", "taxonomy": TAXONOMY, "tolerances": AuditTolerances()}
    return run_audit(splits=files, out_dir=str(folder), **(settings | options))


def clean_splits():
    return {
        "train": [make_record(f"t{i}", i) for i in range(6)],
        "eval": [make_record(f"e{i}", 10 + i) for i in range(2)],
        "test": [make_record(f"s{i}", 20 + i) for i in range(2)],
    }


def planted_splits():
    """One flaw of every kind that needs records, none by accident."""
    splits = clean_splits()
    photo = draw_photo(50, 192, 128)
    strange = draw_mask()
    strange[0, 0] = 9
    specks = draw_mask()
    specks[2:16:4, 3:90:4] = 1
    splits["train"] += [
        make_record("broken", image=b"no image"),
        make_record("wrong size", 31, height=99),
        make_record("strange <id>", 32, mask_car=encode(strange)),
        make_record("void", 33, mask_car=encode(np.full((64, 96), 255, np.uint8))),
        make_record("nothing", 34, mask_car=encode(np.zeros((64, 96), np.uint8))),
        make_record("no mask", 35, mask_car=None),
        make_record("specks", 36, mask_car=encode(specks)),
        make_record("twice", 37),
        make_record("twice", 38),
        make_record("leaking car 1", 39, group_id="차 7"),
        make_record("original", photo=photo),
        make_record("inside", 2),
    ]
    splits["test"] += [
        make_record("leaking car 2", 40, group_id="차 7"),
        make_record("across", 3),
        make_record("mirror", photo=photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)),
    ]
    return splits


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    report = audit(
        folder,
        planted_splits(),
        skipped={
            "read": 50,
            "share": 0.02,
            "skipped": [
                {"source": "/home/me/x.jpg", "split": "train", "reason": "no mask"}
            ],
        },
        anomalies={"train": ["view: Unexpected string values. 'back'"], "eval": []},
    )
    return report, folder / "out"


def findings_of(report, rule):
    return [
        (finding["severity"], finding["examples"], finding["detail"])
        for finding in report["findings"]
        if finding["rule"] == rule
    ]


def test_a_clean_set_is_blessed_and_says_so(tmp_path):
    report = audit(tmp_path, clean_splits())
    assert report["blessed"] is True
    assert report["reasons"] == report["findings"] == []
    assert report["finding_counts"] == {}
    assert report["splits"]["train"]["examples"] == 6
    assert report["tolerances"] == AuditTolerances().to_dict()
    out = tmp_path / "out"
    assert json.loads((out / "audit.json").read_text("utf-8")) == report
    assert (
        (out / "audit.txt")
        .read_text("utf-8")
        .startswith("Dataset audit, task 'car': blessed\n")
    )
    assert "Every rule is within its tolerance" in (out / "audit.html").read_text()
    assert sorted(path.name for path in out.iterdir() if path.is_file()) == [
        "audit.html",
        "audit.json",
        "audit.txt",
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            "undecodable_image",
            [("refuse", ["broken"], "the image: 8 bytes that are no image")],
        ),
        (
            "size_mismatch",
            [
                (
                    "refuse",
                    ["wrong size"],
                    "the record's width, height is 96x99, the upright photo 96x64",
                )
            ],
        ),
        (
            "unknown_id",
            [
                (
                    "refuse",
                    ["strange <id>"],
                    "the mask holds id 9 (1 px); the taxonomy knows 0..2 and 255 for"
                    " void",
                )
            ],
        ),
        (
            "empty_mask",
            [("refuse", ["void"], "all 6144 pixels of the mask are void")],
        ),
        (
            "background_only_mask",
            [("warn", ["nothing"], "the mask holds only 'background'")],
        ),
        (
            "missing_feature",
            [("refuse", ["no mask"], "the record has no `mask/car`")],
        ),
        (
            "specks",
            [
                (
                    "warn",
                    ["specks"],
                    "88 pieces below 9 px, the first of 'car' at x=3, y=2",
                )
            ],
        ),
        (
            "duplicate_example_id",
            [("refuse", ["twice", "twice"], "'twice' is the id of 2 records")],
        ),
        (
            "group_in_two_splits",
            [
                (
                    "refuse",
                    ["leaking car 2", "leaking car 1"],
                    "group '차 7' lies in test (1) and train (1)",
                )
            ],
        ),
        (
            "exact_duplicate",
            [
                (
                    "refuse",
                    ["across", "t3"],
                    "the same pixels in 2 records in test and train",
                ),
                ("warn", ["inside", "t2"], "the same pixels in 2 records in train"),
            ],
        ),
        (
            "near_duplicate",
            [
                (
                    "refuse",
                    ["mirror", "original"],
                    "mirrored, similarity 1.000, groups 'group of mirror' and"
                    " 'group of original'",
                )
            ],
        ),
        ("skipped_source", [("warn", [], "x.jpg: no mask")]),
        ("anomaly", [("refuse", [], "view: Unexpected string values. 'back'")]),
    ],
)
def test_every_planted_flaw_is_found_once(planted, rule, expected):
    assert findings_of(planted[0], rule) == expected


def test_reasons_name_number_and_bound(planted):
    report, _ = planted
    assert report["blessed"] is False
    assert (
        "1 of 25 examples (4.00%) cannot be decoded; at most 1.00% may"
        " (max_undecodable_share)"
    ) in report["reasons"]
    assert sum(report["finding_counts"].values()) == len(report["findings"]) == 14


class PageReader(HTMLParser):
    VOID = ("meta", "img", "br")

    def __init__(self):
        super().__init__()
        self.open, self.images, self.links, self.text = [], [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)
        fields = dict(attrs)
        if tag == "img":
            self.images.append((fields["alt"], fields["src"]))
        self.links += [v for k, v in attrs if k in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_the_page_is_whole_offline_and_escaped(planted):
    report, folder = planted
    html = (folder / "audit.html").read_text("utf-8")
    reader = PageReader()
    reader.feed(html)
    assert reader.open == []
    assert all(
        link.startswith(("#", "data:image/jpeg;base64,")) for link in reader.links
    )
    assert "url(" not in html and "@import" not in html and "<script" not in html
    assert "strange &lt;id&gt;" in html and "<id>" not in html
    assert "범퍼 &lt;front&gt;" in html
    assert str(folder) not in html and "/home" not in html
    text = " ".join(reader.text)
    assert all(reason in text for reason in report["reasons"])
    assert html.index("Refused for") < html.index("What was found")
    pictured = [alt for alt, _ in reader.images]
    assert {"mirror (test)", "original (train)", "strange <id> (train)"} <= set(
        pictured
    )
    assert "broken (train)" not in pictured and "cannot be decoded" in text


def test_any_order_sharding_and_worker_count_give_the_same_files(planted, tmp_path):
    report, folder = planted
    rng = random.Random(1)
    files = {}
    for split, records in planted_splits().items():
        rng.shuffle(records)
        cut = len(records) // 2
        files[split] = [
            write_records(tmp_path / f"{split}-{i}", part)
            for i, part in enumerate((records[cut:], [], records[:cut]))
        ]
    again = audit_files(
        tmp_path / "again",
        dict(reversed(files.items())),
        skipped={
            "read": 50,
            "share": 0.02,
            "skipped": [
                {"source": "/srv/x.jpg", "split": "train", "reason": "no mask"}
            ],
        },
        anomalies={"eval": [], "train": ["view: Unexpected string values. 'back'"]},
        beam_pipeline_args=[
            "--direct_running_mode=multi_threading",
            "--direct_num_workers=2",
        ],
    )
    assert again == report
    for name in ("audit.json", "audit.html", "audit.txt"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_an_empty_split_is_refused_without_a_traceback(tmp_path):
    report = audit(tmp_path, clean_splits() | {"eval": []})
    assert report["reasons"] == [
        "split 'eval' holds 0 examples; at least 1 are needed (min_examples_per_split)"
    ]
    nothing = audit_files(tmp_path / "nothing", {"train": []})
    assert nothing["splits"]["train"]["examples"] == 0
    assert not nothing["blessed"]


def test_a_missing_file_is_an_error_of_the_caller(tmp_path):
    with pytest.raises(ValueError, match="every file of a split must exist"):
        audit_files(tmp_path, {"train": [str(tmp_path / "none")]})


def test_a_near_duplicate_within_one_group_or_split_is_no_finding(tmp_path):
    photo = draw_photo(50, 192, 128)
    mirror = photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    splits = clean_splits()
    splits["train"] += [
        make_record("a", photo=photo),
        make_record("b", photo=mirror),
    ]
    assert audit(tmp_path, splits)["blessed"]
    bounds = AuditTolerances(max_groups_in_two_splits=1)
    splits = clean_splits()
    splits["train"].append(make_record("a", photo=photo, group_id="g"))
    splits["test"].append(make_record("b", photo=mirror, group_id="g"))
    report = audit(tmp_path, splits, "second", tolerances=bounds)
    assert report["finding_counts"] == {"group_in_two_splits": 1}
    assert report["blessed"]


def test_the_page_stays_small_with_many_findings(tmp_path):
    splits = clean_splits()
    splits["train"] += [
        make_record(f"zero {i}", 100 + i, mask_car=None) for i in range(60)
    ]
    report = audit(tmp_path, splits)
    assert report["finding_counts"] == {"missing_feature": 60}
    assert len(report["findings"]) == 60
    html = (tmp_path / "out" / "audit.html").read_text("utf-8")
    assert html.count("<img ") == 12
    assert html.count('<div class="card">') == 40
    assert "20 more in audit.json" in html
