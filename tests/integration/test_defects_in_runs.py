"""Runs on data with defects: what is mended trains, what cannot be read is named."""

import io
import json
import math
import re
import shutil

import numpy as np
import pytest
from PIL import Image

from mmholdout.errors import DataError

ROOT = 'ImageSets/Main'


@pytest.fixture
def data(small_sample, tmp_path):
    """A copy of the small set, to be damaged."""
    folder = tmp_path / 'data'
    shutil.copytree(small_sample, folder)
    return folder


def undecodable():
    """A PNG with a sound header and a sound end, and nothing sensible in between."""
    out = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 255, (120, 160, 3), np.uint8)
    Image.fromarray(pixels).save(out, 'PNG')
    content = out.getvalue()
    middle = content.index(b'IDAT') + 4
    return content[:middle] + bytes(200) + content[middle + 200 :]


def ids(data, split):
    return (data / ROOT / f'{split}.txt').read_text().split()


def rewrite(data, img_id, *objects):
    (data / 'Annotations' / f'{img_id}.xml').write_text(
        f'<annotation>{"".join(objects)}</annotation>'
    )


def bad_object(x1, y1, x2, y2, name='nut'):
    sides = zip(('xmin', 'ymin', 'xmax', 'ymax'), (x1, y1, x2, y2))
    inside = ''.join(f'<{k}>{v}</{k}>' for k, v in sides)
    return f'<object><name>{name}</name><bndbox>{inside}</bndbox></object>'


def test_dropped_boxes_and_empty_images_leave_the_losses_finite(data, train_small, capsys):
    """Also where a whole batch has nothing to learn, in training and in val."""
    for split in ('train', 'val'):
        for number, img_id in enumerate(ids(data, split)):
            if number < {'train': 16, 'val': 5}[split]:  # whole batches
                boxes = [(5, 5, 5, 5), ('nan', 2, 9, 9), (30, 9, 4, 40), (500, 5, 600, 9)]
                rewrite(data, img_id, *(bad_object(*box) for box in boxes[: number % 5]))
    folder = train_small(
        f"""
        data_root = {str(data)!r}
        train_dataloader.update(sampler=dict(shuffle=False))
        train_cfg = dict(max_epochs=1)
        """
    )
    text = capsys.readouterr().out
    assert '12 x box without area' in text  # of the 16 images, all but 4 have one
    assert int(re.search(r'kept as negatives: (\d+)', text)[1]) >= 16
    [line] = [json.loads(x) for x in (folder / 'history.jsonl').read_text().splitlines()]
    losses = {k: v for k, v in line.items() if 'loss' in k}
    assert {'train/loss', 'val/loss'} <= set(losses)
    assert all(map(math.isfinite, losses.values()))


@pytest.mark.parametrize('workers', [0, 1])
@pytest.mark.parametrize('split', ['train', 'val'])
def test_an_image_that_cannot_be_decoded_is_named_without_a_traceback(
    data, small_config, tmp_path, capsys, workers, split
):
    from mmholdout.cli.train import main

    img_id = ids(data, split)[-1]
    (data / 'JPEGImages' / f'{img_id}.jpg').write_bytes(undecodable())
    config = small_config(
        f"""
        data_root = {str(data)!r}
        train_dataloader.update(num_workers={workers})
        val_dataloader.update(num_workers={workers}, persistent_workers={bool(workers)})
        evaluation = dict(interval=1, train_eval=0)
        """
    )
    code = main([str(config), '--work-dir', str(tmp_path / 'run'), '--device', 'cpu'])
    captured = capsys.readouterr()
    assert code == 2
    assert f'{img_id}.jpg: no readable image' in captured.err
    assert 'Traceback' not in captured.err and 'worker' not in captured.err


def test_it_is_left_out_of_training_when_the_config_says_so(data, train_small, capsys):
    img_id = ids(data, 'train')[-1]
    (data / 'JPEGImages' / f'{img_id}.jpg').write_bytes(undecodable())
    folder = train_small(
        f"""
        data_root = {str(data)!r}
        train_dataloader['dataset'].update(corrupt='skip')
        train_cfg = dict(max_epochs=1)
        evaluation = dict(interval=1, train_eval=100)
        """
    )
    splits = json.loads((folder / 'splits.json').read_text())
    assert splits['train']['num_images'] == 23 and img_id not in splits['train']['ids']
    file = data / 'JPEGImages' / f'{img_id}.jpg'
    assert f"left out (corrupt='skip'): {file}" in capsys.readouterr().out


def test_a_held_out_split_cannot_leave_out_what_it_cannot_read(small_config):
    from mmholdout.config.check import check
    from mmholdout.config.load import load
    from mmholdout.config.translate import translate
    from mmholdout.errors import ConfigError

    loaded = load(small_config("val_dataloader['dataset'].update(corrupt='skip')"), [])
    with pytest.raises(ConfigError, match=r"val_dataloader\.dataset\.corrupt.*must be 'error'"):
        check(loaded, translate(loaded.cfg))


@pytest.mark.parametrize('how', ['id', 'bytes'])
def test_an_image_in_two_splits_is_refused(data, train_small, how):
    first, other = ids(data, 'train')[0], ids(data, 'val')[0]
    if how == 'id':
        path = data / ROOT / 'val.txt'
        path.write_text(path.read_text() + first + '\n')
    else:
        shutil.copy(data / f'JPEGImages/{first}.jpg', data / f'JPEGImages/{other}.jpg')
    with pytest.raises(DataError, match=f"'train' (and|also in|).*{first}"):
        train_small(f'data_root = {str(data)!r}')
