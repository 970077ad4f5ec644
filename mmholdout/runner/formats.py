"""The formats that can be read: one table, made of the registry of data sets."""

from __future__ import annotations

from mmholdout.datasets.checked import CheckedDataset
from mmholdout.registry import DATASETS


def formats() -> dict[str, type[CheckedDataset]]:
    """Name of each format -> its data set; what a project registers is among them."""
    import mmholdout.datasets  # noqa: F401 - registers ours

    found = [one for one in DATASETS.module_dict.values() if isinstance(one, type)]
    return {
        one.format_name: one
        for one in found
        if issubclass(one, CheckedDataset) and 'format_name' in vars(one)
    }
