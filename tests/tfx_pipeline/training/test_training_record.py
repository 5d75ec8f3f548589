from __future__ import annotations

import json

import pytest

from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.training.history import describe_history, write_history
from tfx_pipeline.training.report_progress import progress_line
from tfx_pipeline.training.training_record import TrainingRecord


def record(*scores: float, **fields: float) -> TrainingRecord:
    made = TrainingRecord()
    for number, score in enumerate(scores, 1):
        made.finish_epoch(
            {
                "loss": 0.5,
                "eval_loss": 0.25,
                "eval_miou": score,
                "seconds": float(number),
            }
            | fields
        )
    return made


def test_the_first_of_equally_good_epochs_is_the_best() -> None:
    assert record().best is None
    assert record(0.2, 0.7, 0.7, 0.3).best == 1
    assert record(0.2, 0.7).is_best_last
    assert not record(0.7, 0.7).is_best_last


@pytest.mark.parametrize(
    ("scores", "patience", "stale"),
    [
        ((0.5, 0.4, 0.3), 0, False),
        ((0.5, 0.4, 0.3), 3, False),
        ((0.5, 0.4, 0.3), 2, True),
        ((0.5, 0.4, 0.6), 2, False),
        ((), 1, False),
    ],
    ids=["never", "still_waits", "waited", "better_again", "no_epoch"],
)
def test_early_stopping_counts_epochs_since_the_best(
    scores: tuple[float, ...], patience: int, stale: bool
) -> None:
    config = TrainingConfig(epochs=9, early_stopping_patience=patience)

    assert record(*scores).is_stale(config) is stale
    assert record(*scores).is_over(config) is stale


def test_it_is_over_after_the_last_epoch() -> None:
    assert not record(0.1, 0.2).is_over(TrainingConfig(epochs=3))
    assert record(0.1, 0.2, 0.3).is_over(TrainingConfig(epochs=3))


def test_a_finished_epoch_starts_the_next_at_step_0_and_survives_json() -> None:
    made = TrainingRecord(step=7, seconds=1.5, resumed_at=[[2, 3]])
    again = TrainingRecord.from_dict(json.loads(json.dumps(made.to_dict())))
    assert again == made
    made.finish_epoch({"eval_miou": 0.5})
    assert made.step == 0
    assert TrainingRecord.from_dict(made.to_dict()) == made != again


def test_an_eval_split_of_void_is_refused() -> None:
    with pytest.raises(ValueError, match="must hold labelled pixels, got void in all"):
        record(float("nan"))


def test_the_line_of_an_epoch_says_scores_best_and_time_left() -> None:
    assert progress_line(record(0.5, 0.801, 0.781), 20) == (
        "epoch 3/20  loss 0.500  eval loss 0.250  eval mIoU 0.781"
        " (best 0.801, epoch 2)  3.0 s, about 34 s left"
    )
    assert progress_line(record(0.5, 0.6), 2).endswith("2.0 s, done")


def test_history_names_the_best_epoch_and_writes_null_for_no_number(tmp_path) -> None:
    path = tmp_path / "history.json"

    write_history(
        describe_history(record(0.5, 0.7, foreground_miou=float("nan")), 123), str(path)
    )

    history = json.loads(path.read_text("utf-8"))
    assert history["epochs"][1] == {
        "loss": 0.5,
        "eval_loss": 0.25,
        "eval_miou": 0.7,
        "seconds": 2.0,
        "foreground_miou": None,
    }
    assert (history["best_epoch"], history["best_eval_miou"]) == (2, 0.7)
    assert history["parameters"] == 123
    assert history["versions"]["keras"].startswith("3.")
