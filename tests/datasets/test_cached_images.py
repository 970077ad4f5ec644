import numpy as np
import pytest
from mmcv.transforms import LoadImageFromFile

from mmholdout.datasets.cached_images import CachedImages
from mmholdout.datasets.loader import build_loader, close_loader
from mmholdout.datasets.sample_history import find_history
from mmholdout.datasets.seeded import SeededDataset
from mmholdout.errors import ConfigError

CHAIN = [
    {'type': 'PhotoMetricDistortion'},
    {'type': 'Expand', 'mean': [123.675, 116.28, 103.53], 'to_rgb': True},
    {'type': 'MinIoURandomCrop'},
    {'type': 'Resize', 'scale': (32, 32), 'keep_ratio': False},
    {'type': 'RandomFlip', 'prob': 0.5},
]


def pipeline(**cache):
    read = {'type': 'CachedImages', **cache} if cache else {'type': 'LoadImageFromFile'}
    together = {'type': 'SSDAugmentation', 'transforms': CHAIN}
    return [read, {'type': 'LoadAnnotations'}, together, {'type': 'PackDetInputs'}]


@pytest.fixture
def folder(voc, parts):
    ids = [f'img_{n}' for n in range(6)]
    for number, name in enumerate(ids):
        voc.add(name, content=parts.image(width=64 + number), head=parts.size(64 + number, 48))
    voc.list(*ids)
    return voc


def test_the_pixels_and_keys_of_the_stock_transform(folder):
    path = str(folder.root / 'JPEGImages' / 'img_0.jpg')
    expected = LoadImageFromFile().transform({'img_path': path})
    cached = CachedImages(max_bytes=10**6)
    for _ in range(2):
        found = cached.transform({'img_path': path})
        assert found.keys() == expected.keys()
        assert (found['img'] == expected['img']).all()
        assert found['img_shape'] == found['ori_shape'] == (48, 64)


def test_the_second_time_the_file_is_not_read(folder):
    path = folder.root / 'JPEGImages' / 'img_0.jpg'
    cached = CachedImages(max_bytes=10**6)
    first = cached.transform({'img_path': str(path)})['img'].copy()
    path.unlink()
    assert (cached.transform({'img_path': str(path)})['img'] == first).all()


def passes(dataset, workers, epochs=(0, 1, 2)):
    words = {'dataset': dataset, 'batch_size': 2, 'num_workers': workers}
    loader = build_loader(words, seed=3, train=True)
    made = []
    for epoch in epochs:
        loader.sampler.set_position(epoch)
        for batch in loader:
            made += [image.numpy() for image in batch['inputs']]
    close_loader(loader)
    return made


@pytest.mark.guarantee
@pytest.mark.parametrize('workers', [0, 2])
@pytest.mark.parametrize('max_bytes', [10**6, 25_000])  # for all, for two of six
def test_a_sample_is_the_same_kept_or_read(folder, workers, max_bytes):
    plain = passes(folder.dataset(pipeline=pipeline()), 0)
    cached = passes(folder.dataset(pipeline=pipeline(max_bytes=max_bytes)), workers)
    assert len(plain) == len(cached) == 18
    assert len({image.tobytes() for image in plain}) == 18
    for expected, found in zip(plain, cached):
        np.testing.assert_array_equal(found, expected)


def test_no_sample_depends_on_those_before_it(folder):
    dataset = folder.dataset(pipeline=pipeline(max_bytes=10**6))
    assert find_history(SeededDataset(dataset, 0)) == []


@pytest.mark.parametrize(
    ('words', 'said'),
    [
        ({'max_bytes': 0}, 'max_bytes must be'),
        ({'max_bytes': 1e9}, 'max_bytes must be'),
        ({'max_bytes': 100, 'to_float32': True}, 'to_float32=True'),
        ({'max_bytes': 100, 'color_type': 'grayscale'}, "color_type='grayscale'"),
        ({'max_bytes': 100, 'folder': '/no/such/folder'}, '/no/such/folder'),
    ],
)
def test_words_that_it_refuses(words, said):
    with pytest.raises(ConfigError, match=said):
        CachedImages(**words)
