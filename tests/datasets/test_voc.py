import mmcv
import numpy as np
import pytest
from mmengine.registry import DefaultScope

from mmholdout.errors import ConfigError, DataError
from mmholdout.registry import DATASETS

PIPELINE = [
    {'type': 'LoadImageFromFile'},
    {'type': 'LoadAnnotations', 'with_bbox': True},
    {'type': 'PackDetInputs', 'meta_keys': ('img_id', 'ori_shape')},
]


def test_registered_under_its_own_scope(voc, parts):
    from mmholdout.datasets.voc import VOCDataset

    assert DATASETS.get('VOCDataset') is VOCDataset
    assert DATASETS.get('mmholdout.VOCDataset') is VOCDataset
    assert DATASETS.get('mmdet.VOCDataset') is not VOCDataset


def test_a_sample_goes_through_mmdets_pipeline(voc, parts):
    difficult = parts.object('white', (1, 1, 64, 48), '<difficult>1</difficult>')
    with DefaultScope.overwrite_default_scope('mmholdout'):
        dataset = voc.of(parts.object('plate'), difficult, pipeline=PIPELINE)
    sample = dataset[0]
    truth = sample['data_samples'].gt_instances
    assert sample['inputs'].shape == (3, 48, 64)
    assert sample['data_samples'].img_id == 'a'
    np.testing.assert_array_equal(truth.bboxes.numpy(), [[10, 5, 30, 25]])
    assert truth.labels.tolist() == [2]
    ignored = sample['data_samples'].ignored_instances
    np.testing.assert_array_equal(ignored.bboxes.numpy(), [[0, 0, 64, 48]])


def test_data_info_and_categories(voc, parts):
    dataset = voc.of(parts.object('plate'), parts.object('red', (2, 2, 9, 9)))
    info = dataset.get_data_info(0)
    keys = {'img_id', 'img_path', 'height', 'width', 'instances', 'sample_idx'}
    assert set(info) == keys and (info['width'], info['height']) == (64, 48)
    assert dataset.get_cat_ids(0) == [2, 0]
    assert mmcv.imread(info['img_path']).shape == (48, 64, 3)
    assert dataset.metainfo['classes'] == ('red', 'white', 'plate')


def test_aliases_ignored_and_one_based(voc, parts):
    dataset = voc.of(
        parts.object('rde', (1, 1, 64, 48)),
        parts.object('bg'),
        class_aliases={'rde': 'red'},
        ignore_classes=['bg'],
        one_based=False,
    )
    [instance] = dataset.get_data_info(0)['instances']
    assert (instance['bbox'], instance['bbox_label']) == ([1, 1, 64, 48], 0)
    assert "'bg', left out" in dataset.report.text()


def test_sub_data_root_and_other_folders(voc, parts, tmp_path):
    voc.add('a')
    voc.list('a')
    (voc.root / 'JPEGImages').rename(voc.root / 'images')
    dataset = voc.dataset(
        data_root=str(tmp_path),
        ann_file='voc/ImageSets/Main/train.txt',
        data_prefix={'sub_data_root': 'voc'},
        img_subdir='images',
    )
    info = dataset.get_data_info(0)
    assert info['img_path'] == str(voc.root / 'images' / 'a.jpg')
    assert info['img_id'] == 'voc/a'


def negatives(voc, parts, **words):
    voc.add('a')
    voc.add('b')
    voc.xml('b')
    voc.add('c', parts.object('red', (5, 5, 5, 5)))
    voc.list('a', 'b', 'c')
    return voc.dataset(**words)


@pytest.mark.parametrize(
    ('words', 'length', 'told'),
    [
        ({}, 3, 'kept as negatives: 2'),
        ({'test_mode': True}, 3, 'kept as negatives: 2'),
        ({'filter_cfg': {'filter_empty_gt': False}}, 3, 'kept as negatives: 2'),
        ({'filter_cfg': {'filter_empty_gt': True}}, 1, 'dropped (filter_empty_gt): 2'),
        ({'filter_cfg': {'filter_empty_gt': True}, 'test_mode': True}, 3, 'kept as negatives: 2'),
    ],
)
def test_images_without_objects(voc, parts, words, length, told):
    dataset = negatives(voc, parts, **words)
    assert len(dataset) == length
    assert f'images without objects, {told} (b, c)' in dataset.report.text()


def test_small_images_and_small_objects(voc, parts):
    voc.add('a', parts.object('red', (1, 1, 9, 40)), parts.object('red', (1, 1, 30, 40)))
    voc.add('tiny', content=parts.image(64, 20), head='')
    voc.list('a', 'tiny')
    dataset = voc.dataset(filter_cfg={'min_size': 32, 'bbox_min_size': 10})
    assert len(dataset) == 1
    assert [i['ignore_flag'] for i in dataset.get_data_info(0)['instances']] == [1, 0]
    assert 'side below 32 px, dropped (min_size): 1' in dataset.report.text()
    with pytest.raises(DataError, match='leaves none of the 2'):
        voc.dataset(filter_cfg={'min_size': 100})


def test_strict(voc, parts):
    flawed = parts.object('red', (5, 5, 5, 5))
    assert voc.of(flawed).report.counts
    with pytest.raises(DataError, match=r'strict=True'):
        voc.dataset(strict=True)
    voc.add('a')
    assert len(voc.dataset(strict=True)) == 1


@pytest.mark.parametrize(
    ('words', 'told'),
    [
        ({'metainfo': None}, 'names no classes'),
        ({'metainfo': {'classes': 'red'}}, "('red',)"),
        ({'class_aliases': {'rd': 'rad'}}, "Did you mean 'red'?"),
        ({'ignore_classes': ['red']}, 'a class too'),
        ({'filter_cfg': {'filter_empty': True}}, "Did you mean 'filter_empty_gt'?"),
        ({'data_prefix': {'img': ''}}, "no 'img'; known: sub_data_root"),
        ({'backend_args': {'backend': 'petrel'}}, 'reads from disk'),
        ({'corrupt': 'ignore'}, "must be 'error' or 'skip', got 'ignore'"),
        (
            {'ann_file': ['a.txt', 'b.txt'], 'data_prefix': {'sub_data_root': ['a', 'b', 'c']}},
            'ann_file names 2 lists and data_prefix.sub_data_root 3',
        ),
    ],
)
def test_what_the_config_alone_shows_is_found_without_data(voc, words, told):
    with pytest.raises(ConfigError) as caught:
        voc.dataset(lazy_init=True, **words)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ('words', 'told'),
    [
        ({'data_root': 'nowhere'}, "data_root 'nowhere' is no folder"),
        ({'ann_file': 'ImageSets/Main/trian.txt'}, 'ImageSets/Main/trian.txt (list)'),
        ({'ann_file': ''}, 'set ann_file'),
        ({'data_prefix': {'sub_data_root': 'sub'}}, 'sub/Annotations/ (annotations)'),
        ({'ann_subdir': 'xml'}, 'xml/ (annotations)'),
    ],
)
def test_missing_places_say_where_and_what_to_do(voc, words, told):
    voc.add('a')
    voc.list('a')
    with pytest.raises(DataError) as caught:
        voc.dataset(**words)
    assert told in str(caught.value)
    assert '--cfg-options data_root=' in str(caught.value) or 'set ann_file' in told


def test_reading_is_put_off_by_lazy_init_only(voc):
    assert voc.dataset(lazy_init=True, data_root='nowhere').report.text() == ''
    with pytest.raises(DataError):
        voc.dataset(data_root='nowhere')


def test_ids_cannot_leave_the_folder(voc):
    voc.add('a')
    voc.list('a', '../../etc/passwd')
    with pytest.raises(DataError, match='passwd'):
        voc.dataset()


def test_subset_of_mmengine_still_works(voc):
    for img_id in 'abc':
        voc.add(img_id)
    voc.list('a', 'b', 'c')
    assert len(voc.dataset(indices=2)) == 2
    assert voc.dataset().get_subset([2, 0]).get_data_info(0)['img_id'] == 'c'


def test_the_list_is_kept_pickled_where_asked(voc):
    for img_id in 'abc':
        voc.add(img_id)
    voc.list('c', 'a', 'b')
    plain, pickled = voc.dataset(serialize_data=False), voc.dataset()
    assert len(plain) == len(pickled) == 3 and pickled.data_list == []
    for index in (0, 1, 2, -1):
        assert plain.get_data_info(index) == pickled.get_data_info(index)


def test_several_roots_are_one_dataset(tmp_path, parts, folder_at):
    for year, name in (('VOC2007', 'white'), ('VOC2012', 'plate')):
        root = folder_at(tmp_path / year)
        root.add('000001', parts.object(name))
        root.list('000001')
    dataset = folder_at.dataset(
        data_root=str(tmp_path),
        ann_file=[f'{year}/ImageSets/Main/train.txt' for year in ('VOC2007', 'VOC2012')],
        data_prefix={'sub_data_root': ['VOC2007/', 'VOC2012']},
        pipeline=PIPELINE,
    )
    infos = [dataset.get_data_info(i) for i in range(len(dataset))]
    assert [i['img_id'] for i in infos] == ['VOC2007/000001', 'VOC2012/000001']
    assert [i['instances'][0]['bbox_label'] for i in infos] == [1, 2]
    assert dataset[1]['data_samples'].img_id == 'VOC2012/000001'
    assert dataset.report.text().startswith(
        f'{tmp_path}/VOC2007/ImageSets/Main/train.txt, {tmp_path}/VOC2012/'
    )


@pytest.fixture
def breaks(voc, parts):
    """Two images, of which the second loses its pixels after the dataset has been built."""

    def build(**words):
        for img_id in 'ab':
            voc.add(img_id)
        voc.list('a', 'b')
        dataset = voc.dataset(pipeline=PIPELINE, **words)
        voc.image('b', content=b'\xff\xd8 no pixels \xff\xd9')
        return dataset

    return build


@pytest.mark.parametrize(
    ('words', 'remedy'), [({}, "corrupt='skip'"), ({'test_mode': True}, 'take the id out')]
)
def test_an_image_that_breaks_later_is_named(breaks, words, remedy):
    dataset = breaks(**words)
    assert dataset[0]
    with pytest.raises(DataError, match=r'JPEGImages/b\.jpg: no readable image') as caught:
        dataset[1]
    assert remedy in str(caught.value)
    assert ('skip' in str(caught.value)) == (not words)


def test_another_failure_of_the_pipeline_stays_what_it_is(voc):
    def fails(_results):
        raise ZeroDivisionError('in a transform')

    voc.add('a')
    voc.list('a')
    with pytest.raises(ZeroDivisionError):
        voc.dataset(pipeline=[fails])[0]


def test_what_cannot_be_decoded_is_left_out_of_training_when_asked(voc, parts):
    for img_id in 'abcd':
        voc.add(img_id)
    voc.image('b', content=parts.image(300, 200)[:-5000])
    voc.image('c', content=b'nothing')
    voc.list('a', 'b', 'c', 'd')
    with pytest.raises(DataError, match='2 x images that cannot be used'):
        voc.dataset()
    dataset = voc.dataset(corrupt='skip')
    assert [dataset.get_data_info(i)['img_id'] for i in range(2)] == ['a', 'd']
    assert len(dataset) == 2
    assert "2 x images that cannot be decoded, left out (corrupt='skip')" in dataset.report.text()
    with pytest.raises(DataError, match=r'corrupt.*strict=True'):
        voc.dataset(corrupt='skip', strict=True)


def test_difficult_objects_are_targets_when_asked_and_never_counted(voc, parts):
    difficult = parts.object('white', (1, 1, 64, 48), '<difficult>1</difficult>')

    def flags(**words):
        dataset = voc.of(parts.object('plate'), difficult, **words)
        return [instance['ignore_flag'] for instance in dataset.get_data_info(0)['instances']]

    assert flags() == [0, 1]
    assert flags(difficult='train') == [0, 0]
    assert flags(difficult='train', test_mode=True) == [0, 1]
    with pytest.raises(ConfigError, match=r"difficult of VOCDataset must be 'ignore' or 'train'"):
        flags(difficult='yes')
