"""A pickle payload, by every route on which a command reads a checkpoint or weights."""

from __future__ import annotations

import functools
import http.server
import os
import re
import sys
import threading
import types
from pathlib import Path

import pytest
import torch
from mmengine.config import ConfigDict
from mmengine.runner import checkpoint as mmengine_loader

from mmholdout import models  # noqa: F401 - registers what is built here
from mmholdout.cli import predict, train
from mmholdout.cli import test as test_command
from mmholdout.errors import CheckpointError
from mmholdout.registry import MODELS, WEIGHT_INITIALIZERS
from mmholdout.runner.checkpoint import FORMAT, write_checkpoint

pytestmark = pytest.mark.guarantee


class Payload:
    """Unpickled by anything that obeys, it makes a folder."""

    def __init__(self, marker):
        self.marker = str(marker)

    def __reduce__(self):
        return os.mkdir, (self.marker,)


@pytest.fixture
def marker(tmp_path):
    path = tmp_path / 'ran'
    yield path
    assert not path.exists(), 'code from a file has run'


@pytest.fixture
def evil(tmp_path, marker):
    """A checkpoint of ours by its looks; other forms of a file: tests/guards/test_tensors.py."""
    path = tmp_path / 'evil.pth'
    content = {
        'format': FORMAT,
        'kind': 'full',
        'meta': {'classes': ('bolt',), 'epoch': 1},
        'state_dict': {'w': torch.ones(1)},
        'x': Payload(marker),
    }
    torch.save(content, path)
    return path


@pytest.fixture
def refused(tmp_path, small_config, capsys):
    """Runs a command: exit code 2, one message with these parts, no run folder."""

    def run(main, argv, *parts):
        work_dir = tmp_path / 'work_dirs' / 'small'
        assert main([*argv, '--device', 'cpu']) == 2
        said = capsys.readouterr().err
        for part in ('error: ', *parts):
            assert part in said
        assert 'Traceback' not in said and not work_dir.exists()

    return run


def train_argv(small_config, tmp_path, *options):
    work_dir = ['--work-dir', str(tmp_path / 'work_dirs' / 'small')]
    return [str(small_config()), *work_dir, *(['--cfg-options', *options] if options else [])]


def test_resume(refused, small_config, tmp_path, evil):
    argv = train_argv(small_config, tmp_path)
    refused(train.main, [*argv, '--resume', str(evil)], 'evil.pth')


def test_load_from(refused, small_config, tmp_path, evil):
    argv = train_argv(small_config, tmp_path, f'load_from={evil}')
    refused(train.main, argv, 'evil.pth')


def test_test(refused, small_config, tmp_path, evil):
    refused(test_command.main, [str(small_config()), str(evil)], 'evil.pth')
    assert not list(tmp_path.rglob('test_ledger.jsonl'))


def test_predict(refused, small_sample, tmp_path, evil):
    argv = [str(evil), str(small_sample / 'JPEGImages'), '--out-dir', str(tmp_path / 'out')]
    refused(predict.main, argv, 'evil.pth')
    assert not (tmp_path / 'out').exists()


@pytest.mark.parametrize('prefix', [", 'prefix': 'backbone'", ''])
def test_pretrained(refused, small_config, tmp_path, evil, prefix):
    words = f"{{'type': 'Pretrained', 'checkpoint': {str(evil)!r}{prefix}}}"
    argv = train_argv(small_config, tmp_path, f'model.backbone.init_cfg={words}')
    refused(train.main, argv, 'evil.pth')


def test_own_initialiser(evil):
    words = {'type': 'VGG16Weights', 'checkpoint': str(evil)}
    with pytest.raises(CheckpointError, match=r'evil\.pth was not loaded'):
        WEIGHT_INITIALIZERS.build(words)(torch.nn.Linear(1, 1))


SWIN = {'type': 'SwinTransformer', 'embed_dims': 8, 'depths': (1, 1, 1, 1), 'convert_weights': True}
PVT = {
    'type': 'PyramidVisionTransformer',
    'embed_dims': 8,
    'num_layers': [1] * 4,
    'convert_weights': True,
}


@pytest.mark.parametrize(
    'words',
    [
        {'type': 'ResNet', 'depth': 18, 'init_cfg': ...},
        {'type': 'ResNet', 'depth': 18, 'pretrained': ...},
        {'type': 'DetectoRS_ResNet', 'depth': 50, 'pretrained': ...},
        {'type': 'CSPDarknet', 'widen_factor': 0.125, 'init_cfg': ...},
        {**SWIN, 'num_heads': (1, 1, 1, 1), 'init_cfg': ...},
        {**PVT, 'init_cfg': ...},
        {'type': 'FPN', 'in_channels': [8], 'out_channels': 8, 'num_outs': 1, 'init_cfg': ...},
    ],
    ids=lambda words: f'{words["type"]}-{list(words)[-1]}',
)
def test_what_modules_load_themselves(evil, words):
    key = list(words)[-1]
    value = str(evil) if key == 'pretrained' else {'type': 'Pretrained', 'checkpoint': str(evil)}
    with pytest.raises(CheckpointError, match=r'evil\.pth was not loaded'):
        MODELS.build(ConfigDict({**words, key: value})).init_weights()


def test_mmcvs_own_networks(evil):
    from mmcv.cnn import VGG, AlexNet, ResNet

    for network in (VGG(11), AlexNet(), ResNet(18)):
        with pytest.raises(CheckpointError, match=r'evil\.pth was not loaded'):
            network.init_weights(pretrained=str(evil))


def test_the_teacher_of_a_distillation(evil):
    head = {'type': 'RetinaHead', 'num_classes': 1, 'in_channels': 512}
    words = {
        'type': 'KnowledgeDistillationSingleStageDetector',
        'backbone': {'type': 'ResNet', 'depth': 18},
        'neck': None,
        'bbox_head': head,
        'teacher_config': {'model': {'type': 'ResNet', 'depth': 18}},
        'teacher_ckpt': str(evil),
    }
    with pytest.raises(CheckpointError, match=r'evil\.pth was not loaded'):
        MODELS.build(ConfigDict(words))


class Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def url(tmp_path, monkeypatch):
    """A server of the test's folder; mmengine's tables of models name its evil.pth."""
    monkeypatch.setenv('no_proxy', '127.0.0.1')
    monkeypatch.setenv('TORCH_HOME', str(tmp_path / 'torch'))
    handler = functools.partial(Files, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        address = f'http://127.0.0.1:{server.server_port}'
        for name in ('get_external_models', 'get_mmcls_models', 'get_torchvision_models'):
            monkeypatch.setattr(mmengine_loader, name, lambda: {'evil': f'{address}/evil.pth'})
        yield address
        server.shutdown()


ADDRESSES = [
    *('open-mmlab://evil', 'openmmlab://evil', 'mmcls://evil', 'torchvision://evil'),
    *('modelzoo://evil', '{url}/evil.pth', 's3://evil/evil.pth', 'x:petrel://evil/evil.pth'),
    *('pavi://evil', '{path}'),
]


@pytest.mark.parametrize('address', ADDRESSES)
def test_every_scheme(evil, url, address, monkeypatch):
    """Packages that are not here (pavi, petrel) have a stand-in."""
    backend = types.SimpleNamespace(get=lambda name: evil.read_bytes())
    monkeypatch.setattr(mmengine_loader, 'get_file_backend', lambda *a, **k: backend)
    model = types.SimpleNamespace(
        name='evil.pth', download=lambda path: Path(path).write_bytes(evil.read_bytes())
    )
    cloud = types.ModuleType('pavi')
    cloud.modelcloud = types.SimpleNamespace(get=lambda name: model)
    monkeypatch.setitem(sys.modules, 'pavi', cloud)
    with pytest.raises(CheckpointError, match=r'was not loaded: it holds posix\.mkdir'):
        mmengine_loader._load_checkpoint(address.format(url=url, path=evil))


def test_all_schemes_are_tried():
    known = set(mmengine_loader.CheckpointLoader._schemes)
    tried = (
        re.match(prefix, a.format(url='http://x', path='')) for a in ADDRESSES for prefix in known
    )
    assert {found.re.pattern for found in tried if found} >= known - {'https://'}


@pytest.mark.parametrize('name', ['evil.pth', 'evil-01234567.pth'])
def test_a_download_of_a_whole_command(refused, small_config, tmp_path, evil, url, name):
    (tmp_path / 'evil-01234567.pth').write_bytes(evil.read_bytes())
    words = f"{{'type': 'Pretrained', 'checkpoint': '{url}/{name}'}}"
    argv = train_argv(small_config, tmp_path, f'model.backbone.init_cfg={words}')
    refused(train.main, argv, name, 'not with 01234567' if '-' in name else 'posix.mkdir')


def test_packages_that_are_not_here(refused, small_config, tmp_path):
    words = "{'type': 'Pretrained', 'checkpoint': 'pavi://evil'}"
    argv = train_argv(small_config, tmp_path, f'model.backbone.init_cfg={words}')
    refused(train.main, argv, 'pavi://evil')


def test_a_description_that_is_a_program(
    train_small, tmp_path, marker, small_sample, capsys, monkeypatch
):
    """Only tensors and plain values in it, and its digests are right; its names are the attack."""
    best = train_small('train_cfg = dict(max_epochs=1)') / 'checkpoints' / 'best_model.pth'
    program = f'__import__("os").mkdir({str(marker)!r})'
    script = tmp_path / 'evil.py'
    script.write_text(f'import os\nos.mkdir({str(marker)!r})\nmodel = dict()\n')
    package = tmp_path / 'evil_package'
    package.mkdir()
    (package / 'registry.py').write_text(script.read_text())
    argv = [str(tmp_path / 'a.pth'), str(next((small_sample / 'JPEGImages').iterdir()))]
    argv += ['--out-dir', str(tmp_path / 'out'), '--device', 'cpu', '--score-thr', '0']

    monkeypatch.syspath_prepend(str(tmp_path))

    def attempt(*keys, value):
        content = torch.load(best, weights_only=True)
        words = content['meta']['words']
        for key in keys[:-1]:
            words = words[key]
        words[keys[-1]] = value
        write_checkpoint(tmp_path / 'a.pth', content)
        code = predict.main(argv)
        return code, capsys.readouterr().err

    assert attempt('model', 'init_cfg', value=None)[0] == 0  # the rest is as it should be
    call = {'type': 'os.mkdir', 'path': str(marker)}
    student = torch.load(best, weights_only=True)['meta']['words']['model']
    kind = 'KnowledgeDistillationSingleStageDetector'
    distilled = {'neck': None, **student, 'type': kind}
    pipeline = ('val_dataloader', 'dataset', 'pipeline')
    for *keys, value in (
        ('model', call),
        ('model', 'backbone', call),
        (*pipeline, 0, call),
        ('model', 'test_cfg', 'nms', {'type': program, 'iou_threshold': 0.5}),
        ('model', {**distilled, 'teacher_config': str(script)}),
        ('model', 'type', 'evil_package.SSD'),
        ('model', 'backbone', {'_scope_': 'evil_package', 'type': 'NoSuch'}),
    ):
        code, said = attempt(*keys, value=value)
        assert (code, said[:7]) == (2, 'error: '), (keys, said)
        assert not marker.exists(), keys
