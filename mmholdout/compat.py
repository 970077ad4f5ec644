"""The few patches to today's stack; each is a no-op where upstream is mended.

Those that keep files from running code are in `guards`.
Measured on torch 2.13, NumPy 2.4, OpenCV 5, setuptools 84 with mmengine 0.10.7 and mmdet 3.3.0.
"""

from __future__ import annotations

import importlib
import warnings
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from mmholdout import guards


def apply() -> None:
    """Put in place what reading a config needs; calling it again changes nothing."""
    find_packages_without_pkg_resources()
    guards.apply()
    be_quiet()


def apply_to_models() -> None:
    """Put in place what needs mmdet's models and mmengine's runner, which take a second."""
    guards.apply_to_models()
    let_ssd_predict()


def find_packages_without_pkg_resources() -> None:
    """`_base_ = 'mmdet::...'` asks pkg_resources, which setuptools no longer has."""
    if find_spec('pkg_resources') is not None:
        return
    for name in ('mmengine.utils.package_utils', 'mmengine.utils', 'mmengine.config.config'):
        module = importlib.import_module(name)
        for function in (is_installed, get_installed_path):
            setattr(module, function.__name__, function)


def is_installed(package: str) -> bool:
    """Whether a distribution or an importable module has this name."""
    try:
        return bool(metadata.version(package))
    except metadata.PackageNotFoundError:
        return find_spec(package) is not None


def get_installed_path(package: str) -> str:
    """Folder of the package's code; the module's name may differ (mmcv-lite holds mmcv)."""
    spec = find_spec(package)
    if spec is None:
        names = (metadata.distribution(package).read_text('top_level.txt') or '').split()
        spec = find_spec(names[0]) if names else None
    if spec is None or spec.origin is None:
        raise RuntimeError(f'the folder of {package} cannot be told: it has no single module')
    return str(Path(spec.origin).parent)


def let_ssd_predict() -> None:
    """Predicting reads `loss_cls`, which mmdet's SSD head lacks: its first validation dies."""
    from mmdet.models.dense_heads import SSDHead

    if not hasattr(SSDHead, 'loss_cls'):
        SSDHead.loss_cls = None


def be_quiet() -> None:
    """Hide warnings that only the authors of mmdet and mmengine can act on."""
    for message, category in (
        ('torch.meshgrid: in an upcoming release', UserWarning),
        ('.*`num_anchors` is deprecated', UserWarning),
        (r'`torch\.cuda\.amp\.', FutureWarning),  # CSPDarknet, CSPNeXt, SimOTA: at every step
    ):
        warnings.filterwarnings('ignore', message=message, category=category)
