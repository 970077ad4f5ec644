from __future__ import annotations

import gzip
import io
import json
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout.errors import DataError
from mmholdout.metrics.json_file import first_sign, items, parse, read_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(st.lists(VALUES, max_size=5), st.sampled_from([None, 1]))
def test_items_are_those_of_json(values, indent):
    text = f' \n{json.dumps(values, indent=indent)}\n'
    assert list(items('x', text)) == values
    assert first_sign(text) == '['


@pytest.mark.parametrize(
    'text',
    [*('[', '[1', '[1,', '[1,]', '[1 2]', '[,]', '[1]]', '[1] 2', '[{"a": 1', '[}', '[nul]', '["')],
)
def test_items_refuse_what_json_refuses(text):
    with pytest.raises(ValueError):
        json.loads(text)
    for read in (lambda: list(items('p.json', text)), lambda: parse('p.json', text)):
        with pytest.raises(DataError, match=r'p\.json is no valid JSON .*line 1 column'):
            read()


def test_deep_nesting_is_no_crash():
    for text in ('[' * 200_000, '[' * 200_000 + ']' * 200_000):
        with pytest.raises(DataError, match=r'nested too deeply|no valid JSON'):
            list(items('p.json', text))
        with pytest.raises(DataError, match=r'nested too deeply|no valid JSON'):
            parse('p.json', text)


def test_a_number_of_thousands_of_digits_is_no_crash():
    with pytest.raises(DataError, match='no valid JSON'):
        list(items('p.json', f'[{"9" * 5000}]'))


@pytest.mark.parametrize('encoding', ['utf-8', 'utf-8-sig', 'utf-16'])
def test_encodings(tmp_path, encoding):
    path = tmp_path / 'a.json'
    path.write_bytes('["Schrauben-Größe"]'.encode(encoding))
    assert parse(path, read_text(path)) == ['Schrauben-Größe']


def test_other_kinds_of_files_are_named(tmp_path):
    archive = io.BytesIO()
    np.savez(archive, a=1)
    kinds = {
        'a pickle': pickle.dumps([{'bboxes': 1}]),
        'archive': archive.getvalue(),
        'gzip': gzip.compress(b'[]'),
        'XML': b'<annotation></annotation>',
        'is empty': b' \n',
        'is no text': b'["\xff\xfe\xfa"]',
    }
    for what, data in kinds.items():
        path = tmp_path / 'file'
        path.write_bytes(data)
        with pytest.raises(DataError, match=what):
            read_text(path)


def test_no_pickle_is_ever_executed(tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / 'executed'), 'w'))

    path = tmp_path / 'results.pkl'
    path.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(DataError, match='Pickles can run code'):
        read_text(path)
    assert not (tmp_path / 'executed').exists()


def test_missing_and_folder(tmp_path):
    with pytest.raises(DataError, match='No such file'):
        read_text(tmp_path / 'none.json')
    with pytest.raises(DataError, match=r'folder|cannot be read'):
        read_text(tmp_path)
