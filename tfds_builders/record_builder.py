"""Base of all builders: lists sources, writes their records shard by shard."""

from __future__ import annotations

import abc
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import apache_beam as beam
import tensorflow_datasets as tfds

from tfds_builders.dataset_contents import (
    RecordCounts,
    describe_contents,
    write_contents,
)
from tfds_builders.group_split import SPLITS
from tfds_builders.listing import Listing, WrongFolderError
from tfds_builders.record import record_features
from tfds_builders.record_settings import DEFAULT_EXAMPLES_PER_SHARD
from tfds_builders.shard_writing import (
    RecordReader,
    Shard,
    collect_outcomes,
    write_shard,
)
from tfds_builders.skipped_sources import (
    SkippedSource,
    refuse_too_many,
    skipped_report,
    write_skipped,
)
from tfds_builders.taxonomy import Taxonomy

TAXONOMIES_FILE = "taxonomies.json"


class RecordBuilder(
    tfds.core.ShardBasedBuilder,
    skip_registration=True,  # type: ignore[call-arg]
):
    """A TFDS builder of the shared record; a dataset gives three short methods.

    Args:
        manual_dir: Folder as the dataset's owner publishes it; never written to.
        keep_metadata: Keep EXIF, XMP and the like in the stored photos.
        max_skipped_share: Share of unreadable sources above which it fails.
        examples_per_shard: Records per file; the unit of parallel work.
        **kwargs: `data_dir`, `config`, `version` of every TFDS builder.
    """

    VERSION = tfds.core.Version("1.0.0")
    # What every record has in `slices`.
    SLICE_FEATURES: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        *,
        manual_dir: str | None = None,
        keep_metadata: bool = False,
        max_skipped_share: float = 0.01,
        examples_per_shard: int = DEFAULT_EXAMPLES_PER_SHARD,
        **kwargs: Any,
    ) -> None:
        self.manual_dir = Path(manual_dir) if manual_dir else None
        self.keep_metadata = keep_metadata
        self.max_skipped_share = max_skipped_share
        self.examples_per_shard = examples_per_shard
        super().__init__(**kwargs)
        self._original_state |= {
            "manual_dir": manual_dir,
            "keep_metadata": keep_metadata,
            "max_skipped_share": max_skipped_share,
            "examples_per_shard": examples_per_shard,
        }

    @abc.abstractmethod
    def taxonomies(self) -> Mapping[str, Taxonomy]:
        """Returns the taxonomy of every task that the dataset knows."""

    @abc.abstractmethod
    def list_sources(self) -> Listing[Any]:
        """Returns the sources per split in a stable order, without reading photos."""

    @abc.abstractmethod
    def record_reader(self) -> RecordReader:
        """Returns the picklable function from a source to its record.

        It raises ValueError or OSError with a one-line reason where a source cannot
        be read; that source is then skipped and counted.
        """

    def side_lists(self) -> Mapping[str, Sequence[str]]:
        """Returns lists of files that are no records but of use, by name; mostly none.

        Each is written as `<name>.json` beside `skipped.json`, paths below manual_dir.
        """
        return {}

    @property
    def folder(self) -> Path:
        """The folder that the user points at, absolute."""
        if self.manual_dir is None:
            raise ValueError(
                f"{self.name}: manual_dir must name the folder of photos as its owner"
                " publishes it, got none; give --manual-dir DIR"
            )
        return self.manual_dir.absolute()

    @property
    def skipped_path(self) -> Path:
        """Where `skipped.json` and its like are: beside the prepared version."""
        return Path(self.data_dir).parent

    def _info(self) -> tfds.core.DatasetInfo:
        return self.dataset_info_from_configs(
            features=record_features(self.taxonomies(), self.SLICE_FEATURES),
            disable_shuffling=True,
        )

    def _shard_iterators_per_split(self, dl_manager: Any) -> Any:
        raise AssertionError("_download_and_prepare writes the shards itself")

    def _download_and_prepare(
        self, dl_manager: Any, download_config: Any = None
    ) -> None:
        """Writes every shard, in this process or by the configured Beam runner.

        TFDS's own loop keeps a whole shard in memory and runs its Beam pipeline once
        more for every split (4.9.10), hence this one.
        """
        del dl_manager  # nothing is ever downloaded
        try:
            listing = self.list_sources()
        except ValueError as err:
            raise WrongFolderError(str(err)) from err
        shards = self._shards(listing.sources)
        options = download_config.beam_options if download_config else None
        runner = download_config.beam_runner if download_config else None
        if options is None and runner is None:
            for shard in tfds.core.utils.tqdm(shards, desc="Shards", leave=False):
                write_shard(shard)
        else:
            with beam.Pipeline(runner=runner, options=options) as pipeline:
                _ = (
                    pipeline
                    | "Shards" >> beam.Create(shards)
                    | "WriteShard" >> beam.Map(write_shard)
                )
        self._collect(shards, listing.skipped)
        self._write_taxonomies()

    def _shards(self, listed: Mapping[str, Sequence[Any]]) -> list[Shard]:
        tasks, read = tuple(self.taxonomies()), self.record_reader()
        shards = []
        for split in SPLITS:
            chunks = _chunks(listed.get(split, ()), self.examples_per_shard)
            template = self._get_filename_template(split_name=split)
            shards += [
                Shard(
                    split=split,
                    path=Path(
                        template.sharded_filepath(
                            shard_index=index, num_shards=len(chunks)
                        )
                    ),
                    sources=chunk,
                    tasks=tasks,
                    slices=self.SLICE_FEATURES,
                    read=read,
                )
                for index, chunk in enumerate(chunks)
            ]
        return shards

    def _collect(
        self, shards: Sequence[Shard], left_out: Sequence[SkippedSource]
    ) -> None:
        """Turns outcome files into split infos, `skipped.json`, `contents.json`."""
        outcomes = collect_outcomes(shards)
        skipped = [
            SkippedSource(**entry)
            for outcome in outcomes
            for entry in outcome["skipped"]
        ]
        read = sum(outcome["examples"] for outcome in outcomes)
        report = skipped_report(read, [*skipped, *left_out])
        path = write_skipped(report, self.skipped_path)
        refuse_too_many(report, self.max_skipped_share, path)
        for split in SPLITS:
            if not any(pair["examples"] for pair in _of_split(split, shards, outcomes)):
                raise ValueError(
                    f"split {split!r} has no readable record; train, eval and test need"
                    f" at least one each (unreadable sources are listed in {path})"
                )
        self.info.set_splits(
            tfds.core.splits.SplitDict(
                [
                    self._split_info(split, _of_split(split, shards, outcomes))
                    for split in SPLITS
                ]
            )
        )
        self._write_contents(outcomes)

    def _write_contents(self, outcomes: Sequence[Mapping[str, Any]]) -> None:
        held = RecordCounts()
        for outcome in outcomes:
            held.merge(outcome["held"])
        lists = self.side_lists()
        contents = describe_contents(held, self.taxonomies(), lists)
        write_contents(contents, lists, self.skipped_path)

    def _split_info(self, split: str, outcomes: Sequence[Mapping[str, Any]]) -> Any:
        return tfds.core.SplitInfo(
            name=split,
            shard_lengths=[outcome["examples"] for outcome in outcomes],
            num_bytes=sum(outcome["bytes"] for outcome in outcomes),
            filename_template=self._get_filename_template(split_name=split),
        )

    def _write_taxonomies(self) -> None:
        forms = {task: form.to_dict() for task, form in self.taxonomies().items()}
        text = json.dumps(forms, ensure_ascii=False, indent=2, sort_keys=True)
        Path(self.data_dir, TAXONOMIES_FILE).write_text(text + "\n", "utf-8")


def _chunks(sources: Sequence[Any], size: int) -> list[tuple[Any, ...]]:
    return [
        tuple(sources[start : start + size]) for start in range(0, len(sources), size)
    ]


def _of_split(
    split: str, shards: Sequence[Shard], outcomes: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    return [
        outcome
        for shard, outcome in zip(shards, outcomes, strict=True)
        if shard.split == split
    ]
