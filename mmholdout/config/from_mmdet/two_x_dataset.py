"""2.x: one data set, wrappers included."""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.normalisation import Normalisation
from mmholdout.config.from_mmdet.rewriting import Rewriting, bare, shown
from mmholdout.config.from_mmdet.two_x_pipeline import pipeline_of
from mmholdout.config.origin import KeyPath

_VOC = ('VOCDataset', 'XMLDataset')
_NO_FILES = ('seg_prefix', 'proposal_file', 'seg_suffix')
_SIZE = 32  # 2.x drops training images with a side below it


def dataset_of(
    r: Rewriting, given: Any, path: KeyPath, held_out: bool, normalisation: Normalisation
) -> Any:
    """The data set in today's words.

    Args:
        r: is added to.
        given: a dict, or a list of them, which 2.x concatenates.
        path: where it stands.
        held_out: whether it is val or test.
        normalisation: collects what pipelines say of it.
    """
    if isinstance(given, list | tuple):
        inner = [
            dataset_of(r, one, (*path, i), held_out, normalisation) for i, one in enumerate(given)
        ]
        return {'type': 'ConcatDataset', 'datasets': inner}
    if not isinstance(given, dict):
        r.refuse(path, f'must be a dict or a list of dicts, got {shown(given)}')
        return {}
    new = {k: v for k, v in given.items() if k != 'samples_per_gpu'}
    for key in ('dataset', 'datasets'):
        if key in new:
            new[key] = dataset_of(r, new[key], (*path, key), held_out, normalisation)
    if isinstance(new.get('datasets'), dict):  # what a list has become
        new['datasets'] = new['datasets']['datasets']
    if 'pipeline' in new:
        new['pipeline'] = pipeline_of(
            r, new['pipeline'], (*path, 'pipeline'), held_out, normalisation
        )
    if 'dataset' in new or 'datasets' in new:
        if bare(new.get('type')) == 'ConcatDataset':
            new.pop('separate_eval', None)
        return new
    return _leaf(r, new, path, held_out)


def _leaf(r: Rewriting, new: dict[str, Any], path: KeyPath, held_out: bool) -> dict[str, Any]:
    voc = bare(new.get('type')) in _VOC
    if 'img_prefix' in new:
        key = 'sub_data_root' if voc else 'img'
        new['data_prefix'] = {key: new.pop('img_prefix')}
        r.say(f'img_prefix -> data_prefix.{key}')
    if 'classes' in new:
        classes = new.pop('classes')
        if isinstance(classes, str):
            r.refuse(
                (*path, 'classes'),
                f"{classes!r}: a file of names is not read; write classes=('cat', 'dog')",
            )
        elif classes is not None:
            new['metainfo'] = {'classes': tuple(classes)}
            r.say('classes -> metainfo.classes')
    for key in _NO_FILES:
        if new.pop(key, None) is not None:
            r.refuse((*path, key), 'has no counterpart: boxes alone are read')
    drop_empty, size = new.pop('filter_empty_gt', True), new.pop('min_size', None)
    if held_out:
        new['test_mode'] = True
    else:
        new.pop('test_mode', None)
        new['filter_cfg'] = {'filter_empty_gt': drop_empty, 'min_size': _SIZE}
        if size is not None:
            new['filter_cfg']['bbox_min_size'] = size
        r.say(
            f'training images below {_SIZE} px{" or without objects" if drop_empty else ""} are '
            'left out, as in 2.x -> filter_cfg'
        )
    return new
