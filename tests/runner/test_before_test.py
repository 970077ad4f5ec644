import pytest

from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.errors import DataError
from mmholdout.runner.before_test import try_out
from mmholdout.runner.parts import build_dataset


@pytest.fixture
def words(tested_run):
    config = tested_run / 'test_config.py'
    data = tested_run.parents[1] / 'data'
    return translate(load(config, [f'data_root={data}']).cfg)


def try_it(words):
    return try_out(words, build_dataset(words['test_dataloader']['dataset']))


def images(words):
    from pathlib import Path

    root = Path(words['test_dataloader']['dataset']['data_root'])
    ids = (root / 'ImageSets' / 'Main' / 'test.txt').read_text().split()
    return [next((root / 'JPEGImages').glob(f'{i}.*')) for i in ids]


def test_clean_data_give_nothing_to_say(words):
    assert try_it(words) == []


def test_an_image_that_only_decoding_shows_bad(words):
    broken = images(words)[3]
    dataset = build_dataset(words['test_dataloader']['dataset'])  # reads headers, not pixels
    broken.write_bytes(broken.read_bytes()[:200])
    with pytest.raises(DataError, match=f'1 of 8 test images cannot be decoded: .*{broken.name}'):
        try_out(words, dataset)


def test_labels_that_cannot_be_evaluated(words):
    """Nothing to be found: the evaluation refuses, and it does so before the split is used."""
    for image in images(words):
        xml = image.parents[1] / 'Annotations' / f'{image.stem}.xml'
        text = xml.read_text()
        while '<object>' in text:
            start, end = text.index('<object>'), text.index('</object>') + len('</object>')
            text = text[:start] + text[end:]
        xml.write_text(text)
    with pytest.raises(DataError, match='nothing to measure'):
        try_it(words)


def test_a_metric_that_takes_nothing_is_left_alone(words):
    class Other:
        def begin(self, *args, **kwargs):
            raise AssertionError

    from mmholdout.registry import METRICS

    METRICS.register_module(name='_Other', module=Other, force=True)
    try:
        words['test_evaluator'] = [{'type': '_Other'}]
        assert try_it(words) == []
    finally:
        METRICS.module_dict.pop('_Other')
