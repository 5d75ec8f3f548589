"""From a configuration and its places to a plan: looks at code and taxonomy."""

from __future__ import annotations

from components.source_fingerprint.compiled_facts import CompiledFacts
from tfds_builders.taxonomy import Taxonomy
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.transform_settings import TransformSettings
from tfx_pipeline.pipeline.places import Places
from tfx_pipeline.pipeline.plan import Plan
from tfx_pipeline.pipeline.record_schema import schema_text
from tfx_pipeline.runners.described_dataset import describe_dataset
from tfx_pipeline.runners.lineage import describe_lineage
from tfx_pipeline.runners.local_places import local_places
from tfx_pipeline.runners.node_code import CODE_FINGERPRINTS_OF, code_fingerprints
from tfx_pipeline.runners.trainer_plans import trainers_of
from tfx_pipeline.runners.workspace import Workspace


def make_plan(config: PipelineConfig, workspace: Workspace) -> Plan:
    """Returns the plan of a configuration in a workspace on this machine."""
    return plan_at(config, local_places(config, workspace))


def plan_at(config: PipelineConfig, places: Places) -> Plan:
    """Returns the plan of a configuration somewhere.

    It reads the code that is installed here, the classes of the dataset and the files
    that a training starts from; no data, and nothing below the pipeline root.

    Raises:
        UsageError: A name, value or file of the configuration fits nothing.
    """
    dataset = describe_dataset(config, places.described_by, config.data.task)
    task = config.data.task or next(iter(dataset.taxonomies))
    config = config.replaced({"data": {"task": task}})
    taxonomy = Taxonomy.from_dict(dataset.taxonomies[task])
    builder = dataset.named.builder
    hashes = code_fingerprints(builder)
    return Plan(
        config=config,
        places=places,
        builder_kwargs=dataset.options,
        taxonomy=taxonomy.to_dict(),
        slice_features=dataset.slice_features,
        schema_text=schema_text(dataset.taxonomies, dataset.slice_features),
        code_fingerprints=hashes,
        code_fingerprints_of=CODE_FINGERPRINTS_OF,
        compiled=CompiledFacts(
            builder=builder,
            taxonomy=taxonomy.to_dict(),
            own_slices=dataset.own_slices,
            code_fingerprints=hashes,
        ),
        transform=TransformSettings(
            task=task,
            prepare=config.prepare,
            flip_ids=taxonomy.flip_ids(),
            seed=config.training.seed,
            code_fingerprint=hashes["Transform"],
        ),
        trainers=trainers_of(config, taxonomy, places.resume_root, hashes["Trainer"]),
        lineage=describe_lineage(
            config,
            builder=builder,
            content_fingerprint=places.content_fingerprint,
            code_fingerprints=hashes,
        ),
    )
