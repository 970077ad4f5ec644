from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmholdout.errors import DataError
from mmholdout.metrics.detections import Detections
from mmholdout.metrics.stored_predictions import (
    StoredPredictions,
    encode,
    read_predictions_file,
)


def detections(count, seed=0, dtype=np.float32):
    rng = np.random.default_rng(seed)
    boxes = rng.uniform(0, 500, (count, 4)).astype(np.float32)
    return Detections(boxes, rng.uniform(size=count).astype(dtype), rng.integers(0, 20, count))


def there_and_back(tmp_path, found, about=None):
    path = tmp_path / 'x.npz'
    path.write_bytes(encode(StoredPredictions(found, about or {})))
    return read_predictions_file(path)


def assert_equal(one, other):
    assert list(one) == list(other)
    for image_id, a in one.items():
        b = other[image_id]
        assert a.bboxes.tobytes() == b.bboxes.tobytes() and a.bboxes.dtype == b.bboxes.dtype
        assert a.scores.astype(np.float64).tobytes() == b.scores.astype(np.float64).tobytes()
        assert a.labels.tobytes() == b.labels.tobytes()


@pytest.mark.parametrize(
    'found',
    [
        {'b': detections(3), 'a': detections(0), 'ö': detections(2, 1)},
        {7: detections(1), 3: detections(4)},
        {'only': Detections.empty()},
        {},
        {'wide': detections(3, dtype=np.float64), 'narrow': detections(2)},
        {'half': detections(3, dtype=np.float16)},
    ],
    ids=['text', 'numbers', 'empty', 'none', 'float64', 'float16'],
)
def test_bit_for_bit_in_the_order_of_the_split(tmp_path, found):
    about = {'epoch': 3, 'score_thr': 0.1 + 0.2, 'classes': ['x', 'ä'], 'none': None}
    stored = there_and_back(tmp_path, found, about)
    assert_equal(found, stored.detections)
    assert stored.about == about


def test_arrays_for_anybody(tmp_path):
    """As documented, with NumPy alone and without pickle."""
    path = tmp_path / 'x.npz'
    path.write_bytes(encode(StoredPredictions({'a': detections(2), 'b': detections(3)})))
    with np.load(path, allow_pickle=False) as file:
        assert file['image_ids'].tolist() == ['a', 'b']
        assert file['offsets'].tolist() == [0, 2, 5]
        assert (file['bboxes'].shape, file['bboxes'].dtype) == ((5, 4), np.float32)
        assert (file['scores'].dtype, file['labels'].dtype) == (np.float32, np.int64)


def test_equal_predictions_give_equal_bytes():
    one, two = (encode(StoredPredictions({'a': detections(5)}, {'x': 1, 'y': 2})) for _ in 'ab')
    assert one == two


def test_missing(tmp_path):
    with pytest.raises(DataError, match=r'there is no .*x\.npz'):
        read_predictions_file(tmp_path / 'x.npz')


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_byte_is_found_or_means_nothing(tmp_path, data):
    """An archive has bytes without meaning, such as dates; what is read is what was written."""
    found = {'a': detections(4), 'b': detections(0), 'c': detections(3)}
    intact = encode(StoredPredictions(found, {'epoch': 3}))
    at = data.draw(st.integers(0, len(intact) - 1))
    changed = bytearray(intact)
    changed[at] ^= 1 << data.draw(st.integers(0, 7))
    (tmp_path / 'x.npz').write_bytes(changed)
    try:
        stored = read_predictions_file(tmp_path / 'x.npz')
    except DataError as error:
        assert 'x.npz' in str(error)
        return
    assert_equal(found, stored.detections)
    assert stored.about == {'epoch': 3}


def test_arrays_that_were_exchanged(tmp_path):
    path = tmp_path / 'x.npz'
    path.write_bytes(encode(StoredPredictions({'a': detections(2)})))
    with np.load(path) as file:
        arrays = dict(file)
    np.savez(path, **{**arrays, 'scores': arrays['scores'] + np.float32(0.5)})
    with pytest.raises(DataError, match='changed after it was written'):
        read_predictions_file(path)


def test_a_pickle_is_not_run(tmp_path):
    path = tmp_path / 'x.npz'
    np.savez(path, image_ids=np.array([print, {}], dtype=object))
    with pytest.raises(DataError, match='damaged'):
        read_predictions_file(path)
