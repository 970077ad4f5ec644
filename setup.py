"""Packaging. The environment of `make train` and `make test` comes from requirements.lock."""

from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = next(
    line.split("'")[1]
    for line in (HERE / 'mmholdout' / '__init__.py').read_text(encoding='utf-8').splitlines()
    if line.startswith('__version__')
)
COMMANDS = (
    'train',
    'refit',
    'test',
    'check_config',
    'prepare_data',
    'predict',
    'report',
    'verify_run',
    'evaluate',
)

setup(
    name='mmholdout',
    version=VERSION,
    description='Config-driven detector training in which the held-out splits stay held out',
    long_description=(HERE / 'README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    packages=find_packages(include=['mmholdout', 'mmholdout.*']),
    python_requires='>=3.10,<3.14',
    install_requires=[
        'torch>=2.6',  # before it, weights_only=True could run code (CVE-2025-32434)
        'mmengine>=0.10.7,<0.11',
        'mmdet>=3.3,<4',
        'pycocotools>=2.0.7',
        'numpy>=1.26',
        'defusedxml>=0.7',
        'filelock>=3.12',
        'matplotlib>=3.8',
        'rich>=13',
        'pillow>=10',
        'pyyaml>=6',
    ],
    extras_require={
        # Not a requirement: pip would overwrite a compiled mmcv with the pure one.
        'lite': ['mmcv-lite>=2.1,<2.2'],
        'dev': [
            'pytest>=8',
            'pytest-timeout>=2',
            'pytest-xdist>=3',
            'hypothesis>=6',
            'ruff>=0.6',
            'mypy>=1.11',
        ],
    },
    entry_points={
        'console_scripts': [
            f'mmholdout-{name.replace("_", "-")} = mmholdout.cli.{name}:main' for name in COMMANDS
        ]
    },
)
