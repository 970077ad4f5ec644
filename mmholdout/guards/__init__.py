"""What is loaded cannot bite: patches that keep files and names from being run as programs."""

from __future__ import annotations

from mmholdout.guards import names, pickles, tensors


def apply() -> None:
    """Put in place what needs mmengine's core alone; calling it again changes nothing."""
    names.registered_types_only()
    pickles.plain_files_only()


def apply_to_models() -> None:
    """Put in place what needs mmengine's runner and mmdet's models; again, at most once."""
    tensors.tensors_only()
    names.names_instead_of_programs()


def apply_to_datasets() -> None:
    """Put in place what needs mmdet's datasets; calling it again changes nothing."""
    pickles.no_pickled_arrays()
