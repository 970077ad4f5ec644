from __future__ import annotations

import collections
import datetime
import pickle

import mmengine
import numpy as np
import pytest
import yaml

from mmholdout import datasets  # noqa: F401 - puts the guards in place
from mmholdout.errors import DataError

PLAIN = {
    'text': 'a',
    'number': 1.5,
    'list': [1, (2, 3), {4}, b'5', None, True],
    'ordered': collections.OrderedDict(a=1),
}


@pytest.mark.parametrize('protocol', range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_plain_values_and_arrays_are_read(tmp_path, protocol):
    arrays = [np.arange(6.0).reshape(2, 3), np.float32(2), np.array(['a'])]
    path = tmp_path / 'a.pkl'
    path.write_bytes(pickle.dumps({**PLAIN, 'arrays': arrays}, protocol))
    read = mmengine.load(str(path))
    for given, found in zip(arrays, read.pop('arrays')):
        assert found.dtype == given.dtype and np.array_equal(found, given)
    assert read == PLAIN


@pytest.mark.guarantee
@pytest.mark.parametrize('suffix', ['pkl', 'pickle'])
def test_a_pickle_that_would_run_something(tmp_path, payload, suffix):
    path = tmp_path / f'a.{suffix}'
    path.write_bytes(pickle.dumps(payload))
    with pytest.raises(DataError, match=rf'a\.{suffix} was not read: it holds posix\.mkdir'):
        mmengine.load(str(path))
    with pytest.raises(DataError, match='holds posix'), path.open('rb') as file:
        mmengine.load(file, file_format=suffix)


@pytest.mark.guarantee
@pytest.mark.parametrize('suffix', ['yaml', 'yml'])
def test_yaml_that_would_run_something(tmp_path, marker, suffix):
    path = tmp_path / f'a.{suffix}'
    path.write_text(f'!!python/object/apply:os.mkdir [{str(marker)!r}]')
    with pytest.raises(DataError, match=rf'a\.{suffix} is no YAML of plain values'):
        mmengine.load(str(path))
    path.write_text(yaml.safe_dump({'a': [1, 'b']}))
    assert mmengine.load(str(path)) == {'a': [1, 'b']}


def test_what_is_no_code_but_unknown_is_refused_too(tmp_path):
    path = tmp_path / 'a.pkl'
    path.write_bytes(pickle.dumps(datetime.date(2020, 1, 1)))
    with pytest.raises(DataError, match=r'holds datetime\.date'):
        mmengine.load(str(path))
    path.write_bytes(b'Pelsewhere\n.')  # a persistent id
    with pytest.raises(DataError, match='outside object'):
        mmengine.load(str(path))


@pytest.mark.parametrize('data', [b'', b'garbage', pickle.dumps(PLAIN)[:-9], b'\x80\x05K'])
def test_damaged(tmp_path, data):
    (tmp_path / 'a.pkl').write_bytes(data)
    with pytest.raises(DataError, match=r'a\.pkl is no pickle of plain values'):
        mmengine.load(str(tmp_path / 'a.pkl'))


@pytest.mark.guarantee
def test_the_class_tree_of_open_images(tmp_path, payload):
    from mmdet.datasets import OpenImagesChallengeDataset, openimages

    dataset = object.__new__(OpenImagesChallengeDataset)
    dataset.backend_args = None
    np.save(tmp_path / 'tree.npy', np.arange(9).reshape(3, 3))
    assert dataset._get_relation_matrix(str(tmp_path / 'tree.npy')).tolist() == [[4, 5], [7, 8]]
    np.save(tmp_path / 'tree.npy', np.array([payload], dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match=r'tree\.npy is no array of numbers'):
        dataset._get_relation_matrix(str(tmp_path / 'tree.npy'))
    assert openimages.np.zeros is np.zeros
