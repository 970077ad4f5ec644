from __future__ import annotations

import copy
import hashlib
import logging
import pickle

import pytest
import torch
from mmdet.models.backbones import SSDVGG
from mmengine.model import BaseModule, initialize
from torch import nn

from mmholdout.errors import CheckpointError, ConfigError
from mmholdout.models import vgg16_weights
from mmholdout.models.vgg16_layouts import CONVS, FC6, FC7
from mmholdout.models.vgg16_weights import PUBLISHED, VGG16Weights, weights_come_later


class TinyVGG(BaseModule):
    """SSDVGG's names, four channels wide; fc6 and fc7 have eight."""

    def __init__(self, **init_cfg):
        super().__init__(dict(type='VGG16Weights', **init_cfg))
        layers = [nn.Identity() for _ in range(35)]
        for place in CONVS:
            layers[place] = nn.Conv2d(4 if place else 3, 4, 3, padding=1)
        layers[FC6] = nn.Conv2d(4, 8, 3, padding=6, dilation=6)
        layers[FC7] = nn.Conv2d(8, 8, 1)
        self.features = nn.Sequential(*layers)


@pytest.fixture
def caffe():
    torch.manual_seed(1)
    return {name: torch.randn_like(tensor) for name, tensor in TinyVGG().state_dict().items()}


@pytest.fixture
def torchvision(caffe):
    convs = {name: t for name, t in caffe.items() if int(name.split('.')[1]) in CONVS}
    return convs | {
        'classifier.0.weight': torch.randn(32, 4 * 49),
        'classifier.0.bias': torch.randn(32),
        'classifier.3.weight': torch.randn(32, 32),
        'classifier.3.bias': torch.randn(32),
    }


@pytest.fixture
def file(tmp_path):
    def write(content, name='vgg.pth'):
        torch.save(content, tmp_path / name)
        return str(tmp_path / name)

    return write


def test_caffe_from_a_file(caffe, file, caplog):
    model = TinyVGG(checkpoint=file(caffe))
    with caplog.at_level(logging.INFO):
        model.init_weights()
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, caffe[name])
    assert '30 tensors of 15 layers loaded (caffe layout)' in caplog.text


def test_torchvision_from_a_file(torchvision, file, caplog):
    model = TinyVGG(checkpoint=file(torchvision))
    with caplog.at_level(logging.INFO):
        model.init_weights()
    state = model.state_dict()
    assert torch.equal(state['features.28.weight'], torchvision['features.28.weight'])
    assert not torch.equal(state['features.0.weight'], torchvision['features.0.weight'])
    assert torch.equal(state['features.31.bias'], torchvision['classifier.0.bias'][::4])
    assert '30 tensors of 15 layers loaded (torchvision layout)' in caplog.text


def test_convolutions_alone_need_the_layout_and_fc_is_drawn(torchvision, file, caplog):
    convs = {name: t for name, t in torchvision.items() if name.startswith('features')}
    path = file(convs)
    with pytest.raises(ConfigError, match="layout='torchvision'"):
        TinyVGG(checkpoint=path).init_weights()
    model = TinyVGG(checkpoint=path, layout='caffe')
    before = copy.deepcopy(model.state_dict())
    with caplog.at_level(logging.INFO):
        model.init_weights()
    state = model.state_dict()
    assert torch.equal(state['features.0.weight'], convs['features.0.weight'])
    assert not torch.equal(state['features.31.weight'], before['features.31.weight'])
    assert float(state['features.31.bias'].abs().sum()) == 0
    bound = (6 / (4 * 9 + 8 * 9)) ** 0.5  # Glorot's
    assert 0.8 * bound < float(state['features.31.weight'].abs().max()) <= bound
    assert '26 tensors of 13 layers' in caplog.text and 'fc6 and fc7' in caplog.text


def test_into_the_real_backbone(file):
    """All 30 tensors have the shapes of SSD's backbone, in a checkpoint's `state_dict`."""
    torch.manual_seed(2)
    source = SSDVGG(depth=16)
    path = file({'state_dict': source.state_dict(), 'meta': {}})
    model = SSDVGG(depth=16, init_cfg=dict(type='VGG16Weights', checkpoint=path))
    model.init_weights()
    for one, other in zip(model.parameters(), source.parameters(), strict=True):
        assert torch.equal(one, other)


def test_another_network_is_refused_and_nothing_is_loaded(caffe, file):
    del caffe['features.28.bias']
    model = TinyVGG(checkpoint=file(caffe))
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(CheckpointError, match=r'features\.28\.bias is not in the file'):
        model.init_weights()
    assert all(torch.equal(t, before[name]) for name, t in model.state_dict().items())


class Payload:
    def __reduce__(self):
        return eval, ('open("/tmp/never", "w")',)


@pytest.mark.parametrize('zipped', [True, False])
def test_a_file_that_runs_code_is_refused(caffe, tmp_path, zipped):
    path = tmp_path / 'evil.pth'
    if zipped:
        torch.save({**caffe, 'x': Payload()}, path)
    else:
        path.write_bytes(pickle.dumps(Payload(), protocol=2))
    with pytest.raises(CheckpointError, match='run code'):
        TinyVGG(checkpoint=str(path)).init_weights()


def test_a_damaged_file(caffe, tmp_path, file):
    data = (tmp_path / file(caffe)).read_bytes()
    for content in (data[: len(data) // 2], b'', b'<html>not found</html>'):
        (tmp_path / 'cut.pth').write_bytes(content)
        with pytest.raises(CheckpointError, match=r'cut\.pth'):
            TinyVGG(checkpoint=str(tmp_path / 'cut.pth')).init_weights()


def test_without_network_one_message_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, 'get_dir', lambda: str(tmp_path))
    monkeypatch.setitem(PUBLISHED, 'caffe', 'http://127.0.0.1:9/vgg16_caffe-292e1171.pth')
    model = TinyVGG()
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(ConfigError) as error:
        model.init_weights()
    for part in (
        "'caffe'",
        str(tmp_path / 'checkpoints' / 'vgg16_caffe-292e1171.pth'),
        'http://127.0.0.1:9/',
        '--cfg-options model.backbone.init_cfg.checkpoint=PATH',
        'configs/ssd300_bn_bccd.py',
    ):
        assert part in str(error.value)
    assert len(error.value.problems) == 1
    assert all(torch.equal(t, before[name]) for name, t in model.state_dict().items())


@pytest.mark.parametrize('name', ['caffe', 'torchvision'])
def test_published_files_are_looked_up_where_torch_keeps_them(name, caffe, tmp_path, monkeypatch):
    """Under the published name; the digest in it is compared with the file."""
    monkeypatch.setattr(torch.hub, 'get_dir', lambda: str(tmp_path))
    (tmp_path / 'checkpoints').mkdir()
    published = PUBLISHED[name].rpartition('/')[2]
    torch.save(caffe, tmp_path / 'checkpoints' / published)
    digest = hashlib.sha256((tmp_path / 'checkpoints' / published).read_bytes()).hexdigest()
    with pytest.raises(CheckpointError, match=f'begins with {digest[:8]}'):
        TinyVGG(checkpoint=name).init_weights()


def test_a_layout_that_is_wrong(caffe, file):
    with pytest.raises(ConfigError, match="Did you mean 'caffe'"):
        VGG16Weights('x.pth', layout='cafe')
    with pytest.raises(ConfigError, match=r"but .* has the layout 'caffe'"):
        TinyVGG(checkpoint=file(caffe), layout='torchvision').init_weights()


def test_nothing_is_read_where_the_weights_come_later(monkeypatch):
    monkeypatch.setattr(vgg16_weights, 'weights_file', lambda *_: pytest.fail('was read'))
    model = TinyVGG(checkpoint='/nowhere/vgg.pth')
    with weights_come_later():
        model.init_weights()
    with weights_come_later(False), pytest.raises(pytest.fail.Exception):
        initialize(model, dict(type='VGG16Weights'))
    with pytest.raises(pytest.fail.Exception):
        initialize(model, dict(type='VGG16Weights'))
