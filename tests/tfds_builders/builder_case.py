"""TFDS's own test case for a builder whose data is drawn when the test runs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, ClassVar

import tensorflow_datasets as tfds


class DrawnBuilderTestCase(tfds.testing.DatasetBuilderTestCase):
    """Draws the owner's layout, then runs all checks of TFDS on it.

    A subclass names `DATASET_CLASS` and `SPLITS` (and `BUILDER_CONFIG_NAMES_TO_TEST`
    where the counts differ between configurations) and gives `draw`.
    """

    OPTIONS: ClassVar[dict[str, Any]] = {}

    @classmethod
    def draw(cls, folder: Path) -> None:
        """Draws the dataset into a new folder, exactly as its owner publishes it."""
        raise NotImplementedError

    @classmethod
    def setUpClass(cls) -> None:
        """Draws once for all tests of the class."""
        cls._drawn = tempfile.TemporaryDirectory()
        cls.EXAMPLE_DIR = cls._drawn.name
        cls.draw(Path(cls.EXAMPLE_DIR))
        super().setUpClass()

    @classmethod
    def tearDownClass(cls) -> None:
        """Removes what was drawn."""
        super().tearDownClass()
        cls._drawn.cleanup()

    def _make_builder(self, config: Any = None) -> Any:
        return self.dataset_class(
            data_dir=self.tmp_dir,
            manual_dir=self.EXAMPLE_DIR,
            config=config,
            version=self.VERSION,
            **self.OPTIONS,
        )


# pytest would collect TFDS's and this base class as tests of nothing.
del tfds
