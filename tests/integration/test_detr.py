"""A detector without a loss from its predictions' pass: refused by name, or trained without."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mmengine.hub import get_config

from mmholdout.errors import ConfigError
from mmholdout.runner.train import train

COMMON = Path(__file__).parent / 'detectors' / 'common.py'
DIMS = 32


def small_detr():
    """mmdet's DETR of one layer, 32 channels and ten queries, as plain dicts."""
    model = get_config('mmdet::detr/detr_r50_8xb2-150e_coco.py').model
    model.num_queries = model.test_cfg.max_per_img = 10
    model.backbone.update(depth=18, base_channels=8, frozen_stages=-1, init_cfg=None)
    model.neck.update(in_channels=[64], out_channels=DIMS)
    for part in (model.encoder, model.decoder):
        part.num_layers = 1
        for name, layer in part.layer_cfg.items():
            wide = dict(feedforward_channels=DIMS) if name == 'ffn_cfg' else dict(num_heads=4)
            layer.update(embed_dims=DIMS, **wide)
    model.positional_encoding.num_feats = DIMS // 2
    model.bbox_head.update(num_classes=4, embed_dims=DIMS)
    return model.to_dict()


@pytest.fixture
def detr(tmp_path, small_sample):
    path = tmp_path / 'detr.py'
    path.write_text(
        f'_base_ = [{str(COMMON)!r}]\ndata_root = {str(small_sample)!r}\n'
        f'model = {small_detr()!r}\n'
        'model.update(data_preprocessor=_base_.small.preprocessor)\n'
        'train_cfg = dict(max_epochs=1)\nevaluation = dict(train_eval=0)\n'
    )
    return str(path)


def test_it_is_refused_by_name_before_anything_is_written(detr, tmp_path):
    with pytest.raises(ConfigError, match=r'^DETR is neither .*evaluation\.loss=False'):
        train(detr, work_dir=str(tmp_path / 'run'), device='cpu')
    assert not (tmp_path / 'run').exists()


def test_without_the_loss_it_is_trained_and_says_so(detr, tmp_path, capsys):
    folder = tmp_path / 'run'
    train(detr, options=['evaluation.loss=False'], work_dir=str(folder), device='cpu')
    assert 'evaluation.loss=False: no validation loss is measured' in capsys.readouterr().out
    (row,) = map(json.loads, (folder / 'history.jsonl').read_text().splitlines())
    assert row['train/loss'] > 0
    assert 0 <= row['val/mAP'] <= 1
    assert not [key for key in row if key.startswith('val/loss')]
