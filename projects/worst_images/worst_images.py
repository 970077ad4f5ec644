"""A hook that draws the val images that the kept model is worst at."""

import shutil
from pathlib import Path

import cv2
import numpy as np

from mmholdout.errors import ConfigError
from mmholdout.hooks import Stage, SteeringHook
from mmholdout.metrics.boxes import iou
from mmholdout.registry import HOOKS
from mmholdout.report.draw import draw_detections

WHITE = (255, 255, 255)


@HOOKS.register_module()
class WorstImagesHook(SteeringHook):
    """After each best validation: `worst_images/` in the run folder, the worst image first.

    An image's mistakes are its missed objects and its false detections, at the threshold of the
    best F1. White boxes are objects, coloured ones detections.

    Args:
        count: how many images.
    """

    stage = Stage.REPORT  # BestModelHook has decided by then

    def __init__(self, count: int = 8) -> None:
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise ConfigError(f'count must be an integer >= 1, got {count!r}')
        self.count = count

    def after_validation(self, runner, measurement):
        """Draw, if this validation is the best so far."""
        if runner.best.epoch != measurement.epoch:
            return
        metric, dataset = runner.val_loop.metrics[0], runner.val_loop.dataloader.dataset
        thr = measurement.metrics['val/score_thr']
        found = metric.predictions
        infos = [dataset.get_data_info(i) for i in range(len(dataset))]
        wrong = {info['img_id']: mistakes(info, found[info['img_id']], thr) for info in infos}
        infos = [info for info in infos if sum(wrong[info['img_id']])]
        worst = sorted(infos, key=lambda info: -sum(wrong[info['img_id']]))[: self.count]
        folder = Path(runner.folder.path) / 'worst_images'
        shutil.rmtree(folder, ignore_errors=True)
        if not worst:
            runner.say('worst images: no mistake in any val image')
            return
        folder.mkdir()
        for number, info in enumerate(worst, 1):
            picture = drawn(info, found[info['img_id']], thr, dataset.metainfo['classes'])
            stem = Path(info['img_path']).stem
            cv2.imencode('.png', picture)[1].tofile(folder / f'{number:02d}_{stem}.png')
        missed, false = wrong[worst[0]['img_id']]
        runner.say(
            f'worst images: {worst[0]["img_id"]} has {missed} missed objects and {false} false '
            f'detections; {len(worst)} drawn in {folder}'
        )


def mistakes(info, detections, score_thr, iou_thr=0.5):
    """Objects missed and detections that are false; objects flagged as difficult do not count."""
    objects = [one for one in info['instances'] if not one['ignore_flag']]
    free = list(range(len(objects)))
    false = 0
    for i in np.argsort(-detections.scores, kind='stable'):
        if detections.scores[i] < score_thr:
            break
        same = [k for k in free if objects[k]['bbox_label'] == detections.labels[i]]
        boxes = np.array([objects[k]['bbox'] for k in same], dtype=np.float64).reshape(-1, 4)
        overlaps = iou(np.repeat(detections.bboxes[i][None], len(same), axis=0), boxes)
        if len(same) and overlaps.max() >= iou_thr:
            free.remove(same[int(overlaps.argmax())])
        else:
            false += 1
    return len(free), false


def drawn(info, detections, score_thr, classes):
    """The image with its objects and what was found, BGR."""
    image = cv2.imdecode(np.fromfile(info['img_path'], np.uint8), cv2.IMREAD_COLOR)
    for one in info['instances']:
        x1, y1, x2, y2 = (round(value) for value in one['bbox'])
        cv2.rectangle(image, (x1, y1), (x2, y2), WHITE, 2)
    return draw_detections(
        image, detections.bboxes, detections.labels, detections.scores, classes, score_thr
    )
