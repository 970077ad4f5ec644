import pytest

from mmholdout.runner import build
from mmholdout.runner.build import versions
from mmholdout.runner.device import with_copies_ahead
from mmholdout.runner.runner import HeldOutRunner


def test_versions_are_plain_words():
    found = versions()
    assert {'mmholdout', 'torch', 'mmengine', 'mmdet', 'numpy', 'operators'} <= set(found)
    assert all(isinstance(v, str) and v for v in found.values())


def test_defects_of_the_data_are_reported_at_start(train_small, small_sample, capsys):
    path = sorted((small_sample / 'Annotations').glob('*.xml'))
    broken = next(p for p in path if p.stem in _ids(small_sample) and '<object>' in p.read_text())
    text = broken.read_text()
    obj = text[text.index('<object>') : text.index('</object>') + len('</object>')]
    box = obj[obj.index('<bndbox>') : obj.index('</bndbox>')]
    flat = '<bndbox><xmin>5</xmin><ymin>5</ymin><xmax>5</xmax><ymax>5</ymax>'
    broken.write_text(text.replace(obj, obj + obj.replace(box, flat), 1))
    try:
        train_small('train_cfg = dict(max_epochs=1)')
    finally:
        broken.write_text(text)
    out = capsys.readouterr().out
    assert 'without area' in out and broken.name in out


def _ids(folder):
    return (folder / 'ImageSets/Main/train.txt').read_text().split()


def test_what_a_gpu_needs_is_built_and_not_recorded(train_small, monkeypatch):
    def as_on_a_gpu(words, device):
        seen['device'] = device
        return with_copies_ahead(words, 'cuda')

    def runner_of(**parts):
        seen.update(parts)
        return HeldOutRunner(**parts)

    seen = {}
    monkeypatch.setattr(build, 'with_copies_ahead', as_on_a_gpu)
    monkeypatch.setattr(build, 'HeldOutRunner', runner_of)
    with pytest.warns(UserWarning, match='pin_memory'):  # torch sees no GPU here
        train_small('train_cfg = dict(max_epochs=1)')
    assert seen['device'] == 'cpu'
    assert seen['train_dataloader'].pin_memory and seen['val_dataloader'].pin_memory
    assert seen['val_cfg']['train_eval_loader'].pin_memory
    assert seen['model']['data_preprocessor']['non_blocking']
    assert 'pin_memory' not in seen['meta']['words']['train_dataloader']
