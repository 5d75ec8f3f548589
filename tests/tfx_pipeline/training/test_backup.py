from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tfx_pipeline.training.backup import Backup, backup_folder

ARRAYS = {"model/0": np.arange(6, dtype=np.float32).reshape(2, 3), "best/0": np.ones(2)}
RECORD = {"epochs": [{"eval_miou": 0.5}], "step": 3}


def written(tmp_path: Path) -> Backup:
    backup = Backup(folder=str(tmp_path / "resume" / "key"))
    backup.write(ARRAYS, RECORD)
    return backup


def test_what_was_written_comes_back_and_is_replaced_by_the_next(
    tmp_path: Path,
) -> None:
    backup = written(tmp_path)
    arrays, record = backup.read()
    assert record == RECORD
    assert sorted(arrays) == sorted(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], array)
        assert arrays[name].dtype == array.dtype

    backup.write({"model/0": np.zeros(1)}, {"step": 4})

    arrays, record = backup.read()
    assert (list(arrays), record) == (["model/0"], {"step": 4})
    backup.remove()
    assert backup.read() is None
    assert not Path(backup.folder).exists()


def test_a_write_that_is_broken_off_leaves_the_old_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = written(tmp_path)
    monkeypatch.setattr(tf.io.gfile, "rename", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        backup.write({"model/0": np.zeros(1)}, {"step": 4})

    assert backup.read()[1] == RECORD


@pytest.mark.parametrize("damage", ["cut", "empty", "flipped", "foreign", "no_record"])
def test_a_damaged_backup_is_said_in_one_line_and_not_used(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], damage: str
) -> None:
    backup = written(tmp_path)
    path = Path(backup.folder, "backup.npz")
    content = path.read_bytes()
    if damage == "no_record":
        np.savez(path, **ARRAYS)
    else:
        middle = content.index(ARRAYS["model/0"].tobytes()) + 5
        flipped = bytes([content[middle] ^ 1])
        path.write_bytes(
            {
                "cut": content[: len(content) // 2],
                "empty": b"",
                "flipped": content[:middle] + flipped + content[middle + 1 :],
                "foreign": b"something else",
            }[damage]
        )

    assert backup.read() is None

    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith(f"the backup {path} is not used, training anew: ")


def test_no_folder_keeps_nothing() -> None:
    nothing = Backup(folder="")
    nothing.write(ARRAYS, RECORD)
    assert nothing.read() is None
    nothing.remove()


def test_every_input_of_a_training_changes_its_folder() -> None:
    inputs = [
        ("/r", {"a": 1, "b": 2}, ["/t/5/*"], None),
        ("/r", {"a": 1, "b": 3}, ["/t/5/*"], None),
        ("/r", {"a": 1, "b": 2}, ["/t/6/*"], None),
        ("/r", {"a": 1, "b": 2}, ["/t/5/*"], "/m/3/Format-Serving"),
    ]
    folders = [backup_folder(*each) for each in inputs]

    assert len(set(folders)) == len(inputs)
    assert backup_folder("/r", {"b": 2, "a": 1}, ["/t/5/*"], None) == folders[0]
    assert Path(folders[0]).parent == Path("/r")
    assert len(Path(folders[0]).name) == 16
