"""Other evaluators behind one interface: prepare detections, get a function that evaluates them.

Each peer is called with detections and objects per image and the number of classes; it returns a
function without arguments, which evaluates and returns the numbers.
"""

import importlib
import sys

KEYS = [
    *('coco_AP', 'coco_AP50', 'coco_AP75', 'coco_AP_small', 'coco_AP_medium', 'coco_AP_large'),
    *('coco_AR1', 'coco_AR10', 'coco_AR100', 'coco_AR_small', 'coco_AR_medium', 'coco_AR_large'),
]


def coco_dicts(detections, ground_truth, classes):
    """Ground truth and results as COCO's JSON has them."""
    annotations, results = [], []
    for image, (found, truth) in enumerate(zip(detections, ground_truth)):
        for box, label, crowd in zip(_xywh(truth), truth.labels.tolist(), truth.ignore.tolist()):
            annotations.append(
                {
                    'id': len(annotations) + 1,
                    'image_id': image,
                    'category_id': label,
                    'bbox': box,
                    'area': box[2] * box[3],
                    'iscrowd': int(crowd),
                }
            )
        results += [
            {'image_id': image, 'category_id': label, 'bbox': box, 'score': score}
            for box, label, score in zip(_xywh(found), found.labels.tolist(), found.scores.tolist())
        ]
    truth = {
        'info': {},
        'images': [{'id': image} for image in range(len(ground_truth))],
        'categories': [{'id': label, 'name': str(label)} for label in range(classes)],
        'annotations': annotations,
    }
    return truth, results


def _xywh(boxes):
    bboxes = boxes.bboxes.astype(float)
    bboxes[:, 2:] -= bboxes[:, :2]
    return bboxes.tolist()


def pycocotools_peer(detections, ground_truth, classes):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    truth = COCO()
    truth.dataset, results = coco_dicts(detections, ground_truth, classes)
    truth.createIndex()
    found = truth.loadRes(results)

    def run():
        evaluation = COCOeval(truth, found, 'bbox')
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
        return dict(zip(KEYS, evaluation.stats.tolist()))

    return run


def faster_coco_peer(folder):
    """The peer, or None where `folder` is None and it is not installed."""
    if folder is not None:
        sys.path.insert(0, str(folder))
    try:
        module = importlib.import_module('faster_coco_eval')
    except ImportError:
        if folder is not None:
            raise
        return None

    def peer(detections, ground_truth, classes):
        dataset, results = coco_dicts(detections, ground_truth, classes)
        truth = module.COCO(dataset)
        found = truth.loadRes(results)

        def run():
            evaluation = module.COCOeval_faster(truth, found, 'bbox')
            evaluation.run()
            return dict(zip(KEYS, list(evaluation.stats)))

        return run

    return peer


def eval_map_peer(detections, ground_truth, classes):
    import mmholdout.registry  # noqa: F401  (supplies mmcv's operators, which mmdet imports)

    eval_map = importlib.import_module('mmdet.evaluation.functional.mean_ap').eval_map
    results = [
        [_with_scores(found, found.labels == label) for label in range(classes)]
        for found in detections
    ]
    annotations = [
        {
            'bboxes': truth.bboxes[~truth.ignore],
            'labels': truth.labels[~truth.ignore],
            'bboxes_ignore': truth.bboxes[truth.ignore],
            'labels_ignore': truth.labels[truth.ignore],
        }
        for truth in ground_truth
    ]
    return lambda: {'mAP': eval_map(results, annotations, logger='silent')[0]}


def _with_scores(found, kept):
    import numpy as np

    return np.column_stack([found.bboxes, found.scores])[kept].astype(np.float32)
