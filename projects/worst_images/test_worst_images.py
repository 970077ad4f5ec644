from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from mmholdout.config.check import check
from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.errors import ConfigError
from mmholdout.history.measurement import Measurement
from mmholdout.metrics.detections import Detections
from mmholdout.registry import HOOKS


@pytest.fixture
def words(request):
    loaded = load(request.path.parent / 'configs' / 'worst_images.py')
    words = translate(loaded.cfg)
    check(loaded, words)  # imports the hook
    return words


def instance(box, label=0, ignore=0):
    return {'bbox': box, 'bbox_label': label, 'ignore_flag': ignore}


def detections(*rows):
    boxes, labels, scores = zip(*rows) if rows else ((), (), ())
    return Detections(
        bboxes=np.array(boxes, dtype=np.float32).reshape(-1, 4),
        scores=np.array(scores, dtype=np.float32),
        labels=np.array(labels, dtype=np.int64),
    )


class Dataset(list):
    metainfo = {'classes': ('nut', 'bolt')}

    def get_data_info(self, index):
        return self[index]


@pytest.fixture
def runner(tmp_path):
    """Three images: all right, one object missed, one missed and two detections false."""
    infos, found = Dataset(), {}
    for name, boxes, seen in (
        ('right', [[0, 0, 10, 10]], [([0, 0, 10, 10], 0, 0.9)]),
        ('missed', [[0, 0, 10, 10], [20, 20, 30, 30]], [([0, 0, 10, 10], 0, 0.9)]),
        (
            'worst',
            [[0, 0, 10, 10]],
            [([0, 0, 10, 10], 1, 0.9), ([20, 20, 30, 30], 0, 0.8), ([0, 0, 10, 10], 0, 0.1)],
        ),
    ):
        path = tmp_path / f'{name}.png'
        cv2.imwrite(str(path), np.full((40, 40, 3), 90, np.uint8))
        infos.append(
            {'img_id': name, 'img_path': str(path), 'instances': [instance(b) for b in boxes]}
        )
        found[name] = detections(*seen)
    said = []
    return SimpleNamespace(
        best=SimpleNamespace(epoch=4),
        val_loop=SimpleNamespace(
            metrics=[SimpleNamespace(predictions=found)],
            dataloader=SimpleNamespace(dataset=infos),
        ),
        folder=SimpleNamespace(path=tmp_path),
        say=said.append,
        said=said,
    )


def test_the_worst_images_of_the_best_epoch_are_drawn(words, runner, tmp_path):
    hook = HOOKS.build(words['custom_hooks'][-1])
    hook.after_validation(runner, Measurement(3, 30, {'val/score_thr': 0.5}))
    assert not (tmp_path / 'worst_images').exists()  # epoch 4 is the best
    hook.after_validation(runner, Measurement(4, 40, {'val/score_thr': 0.5}))
    names = sorted(path.name for path in (tmp_path / 'worst_images').iterdir())
    assert names == ['01_worst.png', '02_missed.png']
    assert runner.said[0].startswith('worst images: worst has 1 missed objects and 2 false')
    picture = cv2.imread(str(tmp_path / 'worst_images' / '01_worst.png'))
    assert (picture == 255).all(axis=2).any()  # the object, in white
    # At a lower threshold the nut is found in the worst image too, so both have one mistake less
    hook.count = 1
    hook.after_validation(runner, Measurement(4, 40, {'val/score_thr': 0.05}))
    assert [path.name for path in (tmp_path / 'worst_images').iterdir()] == ['01_worst.png']
    assert '0 missed objects and 2 false' in runner.said[1]


def test_a_split_without_mistakes(words, runner, tmp_path):
    hook = HOOKS.build(words['custom_hooks'][-1])
    del runner.val_loop.dataloader.dataset[1:]
    hook.after_validation(runner, Measurement(4, 40, {'val/score_thr': 0.5}))
    assert runner.said == ['worst images: no mistake in any val image']


def test_difficult_objects_do_not_count(words):
    from projects.worst_images.worst_images import mistakes

    info = {'instances': [instance([0, 0, 10, 10], ignore=1), instance([20, 20, 30, 30])]}
    assert mistakes(info, detections(), 0.5) == (1, 0)
    twice = detections(([20, 20, 30, 30], 0, 0.9), ([20, 20, 30, 30], 0, 0.8))
    assert mistakes(info, twice, 0.5) == (0, 1)  # the second finds nothing that is left


@pytest.mark.parametrize('count', [0, True, 'all'])
def test_a_count_that_cannot_be(words, count):
    with pytest.raises(ConfigError, match='integer >= 1'):
        HOOKS.build({'type': 'WorstImagesHook', 'count': count})
