# The one image for the pipeline's steps and for Beam's workers. From the checkout:
#
#   docker build -f deploy/pipeline.Dockerfile -t REGISTRY/carseg:0.1.0 .
#
# docs/deploy.md says what is in it and how the base images are pinned by digest.
ARG PYTHON_VERSION=3.10.19
ARG DEBIAN=bookworm
# The Beam of requirements/pipeline.lock: worker and SDK must be of one version.
ARG BEAM_VERSION=2.60.0

FROM apache/beam_python3.10_sdk:${BEAM_VERSION} AS beam

# The whole Debian image: it has the C++ compiler that pyfarmhash needs.
FROM python:${PYTHON_VERSION}-${DEBIAN} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy
WORKDIR /src
COPY requirements/bootstrap.lock requirements/pipeline.lock requirements/
RUN python -m venv /opt/carseg \
    && /opt/carseg/bin/python -m pip install --require-hashes -r requirements/bootstrap.lock
# The cache stays on the machine that builds; no layer holds it. Compiled now, because no
# container may write bytecode later: imports take a third of the time with it.
RUN --mount=type=cache,target=/root/.cache/uv \
    /opt/carseg/bin/uv pip sync --python /opt/carseg/bin/python --require-hashes \
        --no-build-isolation requirements/pipeline.lock
COPY setup.py pyproject.toml README.md LICENSE ./
COPY tfx_pipeline tfx_pipeline
COPY components components
COPY tfds_builders tfds_builders
COPY serving serving
# pip stays: Beam's boot program asks it whether Beam is installed.
RUN /opt/carseg/bin/python -m pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
    && /opt/carseg/bin/python -m pip install --no-deps --no-index /dist/*.whl \
    && /opt/carseg/bin/python -m pip uninstall --yes uv \
    && /opt/carseg/bin/python -m pip check

FROM python:${PYTHON_VERSION}-slim-${DEBIAN}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="carseg" \
      org.opencontainers.image.description="Steps and Beam workers of the car segmentation pipeline" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# A name for the number: libraries ask who they run as. KFP's launcher writes artifacts
# below /gcs, /minio and /s3, where newer ones mount a volume of their own.
RUN echo "carseg:x:10001:10001:carseg:/tmp:/usr/sbin/nologin" >> /etc/passwd \
    && echo "carseg:x:10001:" >> /etc/group \
    && install -d -m 1777 /gcs /minio /s3
COPY --from=beam /opt/apache/beam /opt/apache/beam
COPY --from=build /opt/carseg /opt/carseg
# Nothing but /tmp and the artifacts' folders is written: the root may be read-only.
ENV PATH=/opt/carseg/bin:${PATH} \
    HOME=/tmp \
    TMPDIR=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RUN_PYTHON_SDK_IN_DEFAULT_ENVIRONMENT=1
USER 10001:10001
WORKDIR /tmp
# What Dataflow, Flink and Spark start as a worker. Kubeflow Pipelines names its own
# command, and `docker run --entrypoint carseg` has the command line.
ENTRYPOINT ["/opt/apache/beam/boot"]
