"""The submission is read back: any row that is not what was predicted is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from components.bulk_inference.part_file import PhotoEntry
from tfx_pipeline.cli.submit_file import verify_submission, write_submission
from tfx_pipeline.cli.submit_rows import HEIGHT_PX, WIDTH_PX, mask_digest


def drawn_mask(seed: int) -> np.ndarray:
    """Returns a rectangle at full size."""
    random = np.random.default_rng(seed)
    mask = np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8)
    top, left = random.integers(0, 600, 2)
    mask[top : top + random.integers(1, 600), left : left + 900] = 1
    return mask


def plain_runs(mask: np.ndarray) -> str:
    """Encodes row by row with a loop over the rows."""
    pairs: list[list[int]] = []
    for row in range(mask.shape[0]):
        set_columns = np.flatnonzero(mask[row])
        if set_columns.size:  # one rectangle: one run a row
            pairs.append([row * mask.shape[1] + set_columns[0] + 1, set_columns.size])
    return " ".join(f"{start} {length}" for start, length in pairs)


def entry(name: str, seed: int) -> PhotoEntry:
    mask = drawn_mask(seed)
    fields = {"runs": plain_runs(mask), "mask_sha256": mask_digest(mask)}
    return PhotoEntry(photo=name, source="1", fields=fields)


FAILED = PhotoEntry(photo="c.jpg", source="1", fields={}, failure="damaged")
ENTRIES = [entry("b.jpg", 1), FAILED, entry("a.jpg", 2)]


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    file = tmp_path / "sample.csv"
    file.write_text("img,rle_mask\nb.jpg,1 1\nc.jpg,1 1\na.jpg,1 1\n")
    return file


def test_rows_stand_in_the_samples_order_and_score_their_dice(
    tmp_path: Path, sample: Path
) -> None:
    truth = drawn_mask(7)
    Image.fromarray(truth).save(tmp_path / "a_mask.png")
    out = tmp_path / "out.csv"

    done = write_submission(out, lambda: ENTRIES, sample, tmp_path)

    rows = [f"b.jpg,{plain_runs(drawn_mask(1))}", "c.jpg,"]
    rows.append(f"a.jpg,{plain_runs(drawn_mask(2))}")
    assert out.read_text().split("\n") == ["img,rle_mask", *rows, ""]
    mask = drawn_mask(2)
    common = int((truth & mask).sum())
    assert done.rows == 3
    assert done.dice_photos == 1
    assert done.mean_dice == pytest.approx(2 * common / int(truth.sum() + mask.sum()))
    assert write_submission(out, lambda: ENTRIES, sample, None).mean_dice is None


def alter(lines: list[str], kind: str) -> list[str]:
    if kind == "a pixel":
        start, rest = lines[1].removeprefix("b.jpg,").split(" ", 1)
        return [lines[0], f"b.jpg,{int(start) + 1} {rest}", *lines[2:]]
    if kind == "no number":
        return [lines[0], lines[1] + "x", *lines[2:]]
    return {
        "order": [lines[0], lines[2], lines[1], *lines[3:]],
        "missing": lines[:3],
        "too much": [*lines, "d.jpg,1 1"],
        "name": [line.replace("a.jpg", "A.jpg") for line in lines],
        "an invented mask": [line.replace("c.jpg,", "c.jpg,1 1") for line in lines],
        "an emptied mask": [*lines[:3], "a.jpg,"],
        "head": lines[1:],
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        *("a pixel", "no number", "order", "missing", "too much", "name"),
        *("an invented mask", "an emptied mask", "head"),
    ],
)
def test_an_altered_file_is_refused(tmp_path: Path, sample: Path, kind: str) -> None:
    out = tmp_path / "out.csv"
    write_submission(out, lambda: ENTRIES, sample, None)
    out.write_text("\n".join(alter(out.read_text().splitlines(), kind)) + "\n")

    with pytest.raises(ValueError, match=r"is not|whole numbers|must hold"):
        verify_submission(out, lambda: ENTRIES, sample, None)


def test_a_wrong_file_never_gets_the_name(tmp_path: Path, sample: Path) -> None:
    wrong = PhotoEntry(
        photo="b.jpg",
        source="1",
        fields=ENTRIES[0].fields | {"mask_sha256": mask_digest(drawn_mask(9))},
    )

    with pytest.raises(ValueError, match=r"line 2 is not the mask of 'b\.jpg'"):
        write_submission(
            tmp_path / "out.csv", lambda: [wrong, *ENTRIES[1:]], sample, None
        )

    assert [path.name for path in tmp_path.iterdir()] == ["sample.csv"]
