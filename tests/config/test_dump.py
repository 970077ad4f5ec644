from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.config.check import check
from mmholdout.config.dump import dump, dumps, read_dump
from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.errors import ConfigError


def test_a_dumped_config_loads_to_the_same_and_is_correct(child, tmp_path):
    loaded = child('evaluation = dict(interval=2)', 'custom_hooks.0.patience=5')
    dump(loaded.cfg, tmp_path / 'config.py')
    again = load(tmp_path / 'config.py')
    assert again.cfg == loaded.cfg
    assert again.variables == {}
    check(again, translate(again.cfg))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(), inner)
        | st.tuples(inner)
        | st.tuples(inner, inner)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_every_plain_value_survives(value):
    if 'inf' in repr(value):
        return
    names: dict = {}
    exec(dumps({'x': value}), names)  # noqa: S102
    assert names['x'] == value
    assert type(names['x']) is type(value)


def test_what_has_no_literal_is_refused(tmp_path):
    with pytest.raises(ConfigError, match='optimizer cannot be written'):
        dump({'optimizer': {'type': dict}}, tmp_path / 'config.py')
    assert not (tmp_path / 'config.py').exists()


def test_a_dump_is_read_without_running_it(child, tmp_path):
    loaded = child()
    dump(loaded.cfg, tmp_path / 'config.py')
    assert read_dump(tmp_path / 'config.py') == loaded.cfg
    (tmp_path / 'config.py').write_text('x = open("y")')
    with pytest.raises(ConfigError, match='is not a resolved config'):
        read_dump(tmp_path / 'config.py')
    with pytest.raises(ConfigError, match='there is no'):
        read_dump(tmp_path / 'none.py')
