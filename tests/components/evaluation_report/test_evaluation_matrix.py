from __future__ import annotations

import numpy as np
import pytest

from components.evaluation_report.evaluation_matrix import matrix_of
from components.model_gate.measurements import Measured


def test_the_matrix_of_so_many_classes_is_the_measured_one() -> None:
    matrix = np.random.default_rng(1).integers(0, 99, (3, 4))

    np.testing.assert_array_equal(
        matrix_of(Measured(numbers={}, matrix=matrix), 3), matrix
    )


def test_an_evaluation_without_a_matrix_is_refused() -> None:
    with pytest.raises(ValueError, match="must hold the number 'confusion_matrix' of"):
        matrix_of(Measured(numbers={(): {"miou": 0.5}}), 3)


@pytest.mark.parametrize("shape", [(2, 3), (3, 3), (12,)])
def test_a_matrix_of_other_classes_is_refused(shape: tuple[int, ...]) -> None:
    measured = Measured(numbers={}, matrix=np.zeros(shape, np.int64))

    with pytest.raises(
        ValueError, match=r"must be \(3, 4\) for 3 classes, got"
    ) as found:
        matrix_of(measured, 3)

    assert f"got {shape}; evaluate with the taxonomy of this report" in str(found.value)
