from __future__ import annotations

import numpy as np

from tests.drawn_squares import SQUARES
from tfx_pipeline.training.samples import draw_samples

RED, BLACK, MAGENTA, WHITE = [200, 30, 30], [0, 0, 0], [255, 0, 255], [255] * 3


def test_a_row_is_photo_truth_and_prediction_in_the_taxonomys_colours() -> None:
    images = np.full((2, 3, 5, 3), 7, np.uint8)
    truth = np.zeros((2, 3, 5), np.uint8)
    truth[1] = 255
    predicted = np.ones((2, 3, 5), np.uint8)

    sheet = draw_samples(images, truth, predicted, SQUARES.to_dict())

    assert sheet.dtype == np.uint8
    assert sheet.shape == (2 * 3 + 4, 3 * 5 + 2 * 4, 3)
    for top, colours in ((0, [[7] * 3, BLACK, RED]), (7, [[7] * 3, MAGENTA, RED])):
        for left, colour in zip((0, 9, 18), colours, strict=True):
            assert (sheet[top : top + 3, left : left + 5] == colour).all()
    assert (sheet[3:7] == WHITE).all()
    assert (sheet[:, 5:9] == WHITE).all()
