"""`tools/evaluate.py` as a user types it, on tiny files."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pickle
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mmholdout.metrics.coco import coco_keys

ROOT = Path(__file__).resolve().parents[2]


def run(*args):
    return subprocess.run(
        [sys.executable, str(ROOT / 'tools' / 'evaluate.py'), *map(str, args)],
        capture_output=True,
        text=True,
        encoding='utf-8',
        check=False,
        timeout=120,
        env=os.environ | {'PYTHONIOENCODING': 'utf-8'},
    )


@pytest.fixture
def write(tmp_path):
    """Files of another trainer: ids with gaps and out of order, crowds, ties, 130 detections."""

    def files(classes=3, seed=3):
        rng = random.Random(seed)
        images = [{'id': number, 'file_name': f'{number}.jpg'} for number in (907, 12, 45, 3, 8)]
        categories = [{'id': number, 'name': f'part {number}'} for number in (11, 4, 90)[:classes]]
        annotations, found = [], []
        for image in images[:-1]:  # the last one has neither objects nor detections
            for _ in range(6):
                bbox = [rng.randint(0, 90), rng.randint(0, 90), *rng.choices((9, 32, 60, 99), k=2)]
                category = rng.choice(categories)['id']
                common = {'image_id': image['id'], 'category_id': category}
                annotations.append(
                    common
                    | {
                        'id': 500 - len(annotations),
                        'bbox': bbox,
                        'iscrowd': rng.randint(0, 5) // 5,
                    }
                    | {'area': bbox[2] * bbox[3] * rng.uniform(0.4, 1)}
                )
                for _ in range(130 // 6 if image['id'] != 12 else 2):
                    moved = [max(0, side + rng.randint(-3, 3)) for side in bbox]
                    found.append(common | {'bbox': moved, 'score': rng.randint(1, 20) / 20})
        rng.shuffle(found)
        truth = {'images': images, 'categories': categories, 'annotations': annotations}
        (tmp_path / 'gt.json').write_text(json.dumps(truth))
        (tmp_path / 'pred.json').write_text(json.dumps(found))
        return tmp_path / 'pred.json', tmp_path / 'gt.json'

    return files


def official(predictions, ground_truth):
    """By pycocotools alone, which reads the files itself."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(str(ground_truth))
        evaluation = COCOeval(truth, truth.loadRes(str(predictions)), 'bbox')
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return dict(zip(coco_keys(), evaluation.stats.tolist()))


@pytest.mark.guarantee
@pytest.mark.parametrize('classes', [1, 3])
def test_equal_to_pycocotools_on_its_own_reading_of_the_files(write, tmp_path, classes):
    predictions, ground_truth = write(classes)
    out = tmp_path / 'out.json'
    done = run(predictions, ground_truth, '--out', out, '--backend', 'pycocotools')
    assert done.returncode == 0, done.stderr
    assert 'largest difference from pycocotools' in done.stdout
    values = json.loads(out.read_text())
    expected = official(predictions, ground_truth)
    assert 0 < expected['coco_AP'] < 1
    for key, value in expected.items():
        if value > -1:
            assert values[key] == pytest.approx(value, abs=1e-9), key
            assert values[f'pycocotools/{key}'] == value
        else:
            assert key not in values


def test_a_pickle_and_a_swap_are_told(write, tmp_path):
    predictions, ground_truth = write()
    results = tmp_path / 'results.pkl'
    results.write_bytes(pickle.dumps([{'pred_instances': {}}]))
    done = run(results, ground_truth)
    assert done.returncode == 2 and 'looks like a pickle' in done.stderr
    done = run(ground_truth, predictions)
    assert done.returncode == 2 and 'PREDICTIONS comes first' in done.stderr
    assert 'Traceback' not in done.stderr


@pytest.mark.guarantee
def test_quick_without_torch(write):
    predictions, ground_truth = write(1)
    code = (
        'import sys; from mmholdout.cli.evaluate import main; '
        f'assert main([{str(predictions)!r}, {str(ground_truth)!r}]) == 0; '
        'heavy = {"torch", "mmengine", "mmdet", "mmcv", "scipy", "matplotlib", "pycocotools"}; '
        'assert not heavy & set(sys.modules), heavy & set(sys.modules)'
    )
    done = subprocess.run(
        [sys.executable, '-c', code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    times = []
    for _ in range(3):
        start = time.perf_counter()
        assert run('--help').returncode == 0
        times.append(time.perf_counter() - start)
    assert min(times) < 1
