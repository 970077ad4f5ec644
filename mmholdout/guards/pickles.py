"""Other files that a config names: read as data, though mmengine and mmdet would run them."""

from __future__ import annotations

import io
import pickle
import sys
from types import ModuleType
from typing import Any

import numpy as np

from mmholdout.errors import DataError


def plain_files_only() -> None:
    """`mmengine.load` of .pkl and .yaml runs what the file says; `ann_file` can name one."""
    import yaml
    from mmengine.fileio.handlers import (
        BaseFileHandler,
        PickleHandler,
        YamlHandler,
        file_handlers,
    )

    if type(file_handlers['pkl']).__module__ == __name__:
        return

    class PlainPickles(PickleHandler):  # type: ignore[misc]
        def load_from_fileobj(self, file: Any, **_: Any) -> Any:
            return read_pickle(file, _asked_for())

    class PlainYaml(YamlHandler):  # type: ignore[misc]
        def load_from_fileobj(self, file: Any, **_: Any) -> Any:
            try:
                # In C where there is one: a name such as 'mmdet::ssd/...' reads a hundred files.
                loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
                return yaml.load(file, Loader=loader)  # noqa: S506  (it is a safe one)
            except yaml.YAMLError as error:
                said = ' '.join(str(error).split())[:200]
                raise DataError(f'{_asked_for()} is no YAML of plain values: {said}') from error

    safe: dict[str, BaseFileHandler] = {'pkl': PlainPickles(), 'yaml': PlainYaml()}
    file_handlers.update(safe, pickle=safe['pkl'], yml=safe['yaml'])


def no_pickled_arrays() -> None:
    """OpenImages of mmdet reads its class tree with `allow_pickle=True`."""
    from mmdet.datasets import openimages

    openimages.np = _NumPyWithSafeLoad('numpy')


class _NumPyWithSafeLoad(ModuleType):
    """numpy, except for `load`."""

    def __getattr__(self, name: str) -> Any:
        return _load_array if name == 'load' else getattr(np, name)


def _load_array(file: Any, *_: Any, **__: Any) -> Any:
    try:
        return np.load(file, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise DataError(f'{file} is no array of numbers: {error}') from error


def _asked_for() -> str:
    """The file that `mmengine.load` was called with; its handlers only see the content."""
    caller = sys._getframe(2)
    return str(caller.f_locals.get('file', 'a file'))


def read_pickle(file: Any, name: str) -> Any:
    """Unpickle plain types and NumPy arrays of numbers.

    Args:
        file: binary, open for reading.
        name: of the file, for messages.

    Raises:
        DataError: it names any other class or function, or is damaged. Nothing has run.
    """
    data = file.read()
    try:
        return _PlainUnpickler(io.BytesIO(data)).load()
    except _NotPlainError as error:
        raise DataError(
            f'{name} was not read: it holds {error}, and reading that could run code. Read are '
            'plain values and NumPy arrays of numbers; JSON holds such values too'
        ) from error
    except Exception as error:  # a damaged pickle can raise anything
        said = ' '.join(str(error).split()) or type(error).__name__
        raise DataError(f'{name} is no pickle of plain values: {said[:200]}') from error


class _NotPlainError(Exception):
    """Names what a pickle asks for."""


class _PlainUnpickler(pickle.Unpickler):
    """Finds what builds containers and arrays, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """The class or function that a pickle names."""
        if (module, name) in _FOUND:
            return super().find_class(module, name)
        raise _NotPlainError(f'{module}.{name}')

    def persistent_load(self, pid: Any) -> Any:
        """Refused."""
        raise _NotPlainError(f'the outside object {pid!r}')


_FOUND = {
    ('collections', 'OrderedDict'),
    ('builtins', 'set'),
    ('builtins', 'frozenset'),
    ('builtins', 'complex'),
    ('builtins', 'bytearray'),
    ('__builtin__', 'set'),
    ('numpy', 'ndarray'),
    ('numpy', 'dtype'),
    ('_codecs', 'encode'),
    *(
        (f'{package}.{module}', name)
        for package in ('numpy.core', 'numpy._core')
        for module, name in (
            ('multiarray', '_reconstruct'),
            ('multiarray', 'scalar'),
            ('numeric', '_frombuffer'),
        )
    ),
}
