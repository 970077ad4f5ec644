from mmholdout.runner.build import versions


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
