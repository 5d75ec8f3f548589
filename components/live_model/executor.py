"""A push destination in, a copy of the model that is live there out."""

from __future__ import annotations

import json
import posixpath
from typing import Any

import tensorflow as tf
from absl import logging
from tfx import types
from tfx.dsl.components.base import base_executor
from tfx.dsl.io import fileio
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components.live_model.copy_version import DamagedVersionError, copy_version
from components.live_model.existing_models import DAMAGE, EXISTS, VERSION
from components.live_model.live_version import LiveVersion, find_live_version
from components.model_pusher.open_destination import open_destination
from components.model_pusher.push import Destination

REPORT_FILE = "live_model.json"


class Executor(base_executor.BaseExecutor):
    """Executor of `LiveModel`."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Copies the live model; that there is none is written, never raised.

        Raises:
            ValueError: The destination cannot be read, or its record is not ours; a
                push would fail by the same.
        """
        self._log_startup(input_dict, output_dict, exec_properties)
        output = artifact_utils.get_single_instance(output_dict["model"])
        directory, name = exec_properties["directory"], exec_properties["model_name"]
        destination = open_destination(directory, name)
        try:
            found = find_live_version(destination)
            damage = _take_over(destination, found, output.uri)
        except (OSError, tf.errors.OpError) as err:
            reason = str(err).partition("\n")[0]
            raise ValueError(
                f"push.directory must be a folder that can be read, {destination.place}"
                f" is not ({reason}); let this node read it, or choose another"
            ) from err
        _write_report(output, found, damage)
        if damage:
            logging.warning("The live model is not compared with: %s", damage)


def _take_over(destination: Destination, found: LiveVersion | None, uri: str) -> str:
    """Copies the live version; returns what is wrong with it, '' if nothing."""
    if found is None:
        return ""
    target = path_utils.serving_model_dir(uri)
    try:
        if not found.is_whole:
            raise DamagedVersionError("its files are not those that were pushed")
        copy_version(posixpath.join(destination.place, str(found.version)), target)
    except DamagedVersionError as err:
        if fileio.exists(target):
            fileio.rmtree(target)
        return f"version {found.version} is damaged, {err}"
    return ""


def _write_report(
    output: types.Artifact, found: LiveVersion | None, damage: str
) -> None:
    exists = found is not None and not damage
    report = {
        EXISTS: exists,
        DAMAGE: damage,
        VERSION: None if found is None else found.version,
        "model_sha256": None if found is None else found.model_sha256,
    }
    # Also without a model: an object store forgets a folder that has no file.
    fileio.makedirs(output.uri)
    content = json.dumps(report, indent=2) + "\n"
    with fileio.open(posixpath.join(output.uri, REPORT_FILE), "wb") as stream:
        stream.write(content.encode("utf-8"))
    output.set_int_custom_property(EXISTS, int(exists))
    output.set_string_custom_property(DAMAGE, damage)
    output.set_string_custom_property(
        VERSION, "" if found is None else str(found.version)
    )
