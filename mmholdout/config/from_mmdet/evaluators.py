"""3.x: `CocoMetric` and mmdet's `VOCMetric` to `evaluation.metric`."""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.metric_names import metrics
from mmholdout.config.from_mmdet.rewriting import Rewriting, bare, shown

_OTHERS = (
    'LVISMetric',
    'OpenImagesMetric',
    'CityScapesMetric',
    'CrowdHumanMetric',
    'CocoPanopticMetric',
)
_OWN_WORDS = ('metric', 'eval_mode', 'iou_thrs', 'scale_ranges', 'proposal_nums', 'format_only')
_READ = {
    'ann_file': 'the split is measured against its own annotations',
    'backend_args': 'files are read from disk',
    'file_client_args': 'files are read from disk',
    'format_only': 'tools/test.py measures',
    'outfile_prefix': 'predictions.json is in the run folder',
    'classwise': 'AP of each class is measured with metric "mAP"',
    'proposal_nums': 'COCO numbers are measured with 1, 10 and 100 detections',
    'collect_device': 'a run has one process',
    'prefix': 'keys are val/mAP and the like',
    'metric_items': 'all of COCO is measured',
    'use_mp_eval': 'it is quick in one process',
    'sort_categories': 'classes keep their order',
}


def rewrite_evaluators(r: Rewriting) -> None:
    """What is measured, and how; the test split is measured as val is."""
    for name in ('val_evaluator', 'test_evaluator'):
        given = r.at(name)
        parts = given if isinstance(given, list | tuple) else [given]
        if any(isinstance(part, dict) and bare(part.get('type')) in _OTHERS for part in parts):
            r.take(name)
            r.refuse(
                (name,),
                f"{shown(given)}: write evaluation=dict(metric='coco') or metric='mAP', and leave "
                f'{name} out',
            )
            continue
        if not any(_is_stock(part) for part in parts):
            continue
        r.take(name)
        if name == 'test_evaluator':
            if given != _val_as_given(r):
                r.say(f'test_evaluator = {shown(given)} -> nothing: test is measured as val is')
            continue
        r.set(('__val_evaluator__',), given)  # for the comparison above
        kept = [part for part in parts if not _is_stock(part)]
        for part in parts:
            if _is_stock(part):
                own = _voc(r, part) if bare(part['type']) == 'VOCMetric' else _coco(r, part)
                kept += [own] if own else []
        if kept:
            r.set((name,), kept if len(kept) > 1 else kept[0])
    r.take('__val_evaluator__')


def _val_as_given(r: Rewriting) -> Any:
    return r.at('__val_evaluator__')


def _is_stock(evaluator: Any) -> bool:
    if not isinstance(evaluator, dict):
        return False
    kind = str(evaluator.get('type'))
    if bare(kind) == 'VOCMetric':
        return kind.startswith('mmdet.') or any(key in evaluator for key in _OWN_WORDS)
    return bare(kind) == 'CocoMetric'


def _metric(r: Rewriting, part: dict[str, Any], default: str) -> None:
    given = part.get('metric', default)
    ours, wrong = metrics(given)
    for text in wrong:
        r.refuse(('val_evaluator', 'metric'), text)
    if ours is not None and not r.has('evaluation', 'metric'):
        old = ('val_evaluator', 'metric')
        r.put(('evaluation', 'metric'), ours, old, was=given)


def _coco(r: Rewriting, part: dict[str, Any]) -> dict[str, Any] | None:
    _metric(r, part, 'bbox')
    _rest(r, part, ())
    if part.get('iou_thrs') is not None:
        r.refuse(
            ('val_evaluator', 'iou_thrs'),
            "COCO's thresholds are .50 to .95; one of your own goes into evaluation.iou_thr (mAP)",
        )
    return None


def _voc(r: Rewriting, part: dict[str, Any]) -> dict[str, Any]:
    _metric(r, part, 'mAP')
    _rest(r, part, ('eval_mode',))
    mode = part.get('eval_mode', '11points')
    thrs = part.get('iou_thrs', 0.5)
    thr = thrs[0] if isinstance(thrs, list | tuple) and len(thrs) == 1 else thrs
    if isinstance(thr, list | tuple):
        r.refuse(
            ('val_evaluator', 'iou_thrs'),
            f'{shown(thrs)}: one threshold is measured, evaluation.iou_thr; AP50 and AP75 are too',
        )
    elif 'iou_thrs' in part and thr != 0.5:
        r.put(('evaluation', 'iou_thr'), thr, ('val_evaluator', 'iou_thrs'), was=thrs)
    if part.get('scale_ranges') is not None:
        r.refuse(
            ('val_evaluator', 'scale_ranges'),
            "sizes are measured with evaluation=dict(metric='coco'): coco_AP_small and so on",
        )
    own = {'type': 'VOCMetric', 'ap_mode': mode, 'legacy_pixel': True}
    r.say(
        f'val_evaluator = {shown(part)} -> val_evaluator = {shown(own)} (as mmdet measures: boxes '
        'one pixel wider; without both words it is the exact area)'
    )
    return own


def _rest(r: Rewriting, part: dict[str, Any], known: tuple[str, ...]) -> None:
    for key, value in part.items():
        if key in _READ and value not in (None, False):
            r.say(f'val_evaluator.{key} = {shown(value)} -> nothing: {_READ[key]}')
        elif key not in (*_READ, *_OWN_WORDS, *known, 'type'):
            r.refuse(('val_evaluator', key), 'has no counterpart; leave it out')
