import pytest
import torch

from mmholdout.config.check import check
from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.registry import MODELS


@pytest.fixture(scope='module')
def words(request):
    loaded = load(request.path.parent / 'configs' / 'residual_backbone.py')
    words = translate(loaded.cfg)
    check(loaded, words)  # imports the backbone
    return words


def test_shapes_at_the_strides_of_the_head(words):
    backbone = MODELS.build(words['model']['backbone'])
    shapes = [tuple(out.shape) for out in backbone(torch.zeros(2, 3, 160, 96))]
    assert shapes == [(2, 64, 20, 12), (2, 96, 10, 6), (2, 128, 5, 3)]


def test_a_block_is_its_shortcut_where_the_convolutions_give_nothing(words):
    from projects.residual_backbone.residual_backbone import ResidualBlock

    block = ResidualBlock(4, 4, stride=1).eval()
    torch.nn.init.zeros_(block.second.conv.weight)
    features = torch.rand(1, 4, 6, 6)
    assert torch.equal(block(features), features)


def test_stages_and_depths_belong_together(words):
    with pytest.raises(ValueError, match='2 channels, but 1 depths'):
        MODELS.build({'type': 'SmallResNet', 'channels': (4, 8), 'depths': (1,)})


def test_it_trains_on_the_sample_set(request, tmp_path):
    """Two epochs on 8 images; the second has the smaller loss."""
    import json

    from mmholdout.runner.train import train
    from mmholdout.sample.write import write_sample

    write_sample(tmp_path / 'data', train=8, val=4, test=4)
    options = [
        f'data_root={tmp_path / "data"}',
        'train_cfg.max_epochs=2',
        'evaluation.train_eval=0',
        'train_dataloader.batch_size=4',
        'schedule.warmup.iters=1',
        'model.backbone.channels=(8,8,64,96,128)',
    ]
    folder = tmp_path / 'run'
    config = request.path.parent / 'configs' / 'residual_backbone.py'
    train(str(config), options=options, work_dir=str(folder), device='cpu')
    rows = [json.loads(line) for line in (folder / 'history.jsonl').read_text().splitlines()]
    assert rows[1]['train/loss'] < rows[0]['train/loss']
    assert 'val/mAP' in rows[1]
