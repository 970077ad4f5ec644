"""Read a config file and its bases, with the origin of every key."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmholdout.config.chain import BASE, ConfigFile, read_chain, shown
from mmholdout.config.from_mmdet.apply import from_mmdet
from mmholdout.config.from_mmdet.words import FOREIGN, TWO_X
from mmholdout.config.options import apply_options, parse_options
from mmholdout.config.origin import KeyPath, Origins, trace
from mmholdout.config.project import make_importable
from mmholdout.config.variables import names_read
from mmholdout.config.words import TOP_LEVEL
from mmholdout.errors import ConfigError


@dataclass(frozen=True)
class Loaded:
    """A config as its files and the command line say it.

    Attributes:
        cfg: plain dicts, lists and tuples; variables are left out.
        origins: which line wrote a key.
        variables: top-level names that other lines of the chain read.
        chain: the files, bases first, the config itself last.
        stock_names: top-level names that stock files of an installed package define and nobody
            reads; left out of `cfg` too.
        translated: a line for each word of mmdet that was translated.
        refused: key paths of those that cannot be, and what to write instead; the check says so.
        separate: the lines that part val from test, where they are one list.
    """

    cfg: dict[str, Any]
    origins: Origins
    variables: dict[str, Any] = field(default_factory=dict)
    chain: tuple[Path, ...] = ()
    stock_names: tuple[str, ...] = ()
    translated: tuple[str, ...] = ()
    refused: tuple[tuple[KeyPath, str], ...] = ()
    separate: str = ''


def load(path: str | Path, cfg_options: Mapping[str, Any] | Iterable[str] = ()) -> Loaded:
    """Read a config, and translate what is written in mmdet's words, 2.x or 3.x.

    Options that begin with a word of mmdet are applied before that, all others afterwards.
    mmengine's reader merges the files (never in its lazy style, which an `import os` would
    trigger); `custom_imports` can name modules below the config's project folder.

    Args:
        path: of the config file.
        cfg_options: 'key=value' strings, or a mapping from dotted keys to values.

    Raises:
        ConfigError: a file is missing or wrong, with file and line; an option leads nowhere.
    """
    options = parse_options(cfg_options)
    chain = read_chain(Path(path))
    make_importable(chain[-1].path)
    everything = _merge(chain)
    origins = trace(chain)
    read = names_read(chain)
    variables = {k: v for k, v in everything.items() if k in read and _is_variable(k, everything)}
    stock_names = tuple(
        k
        for k in everything
        if k not in TOP_LEVEL
        and k not in FOREIGN
        and k not in read
        and (origin := origins.of((k,))) is not None
        and origin.stock
    )
    cfg = {k: v for k, v in everything.items() if k not in variables and k not in stock_names}
    foreign = {k: v for k, v in options.items() if k.partition('.')[0] in FOREIGN & cfg.keys()}
    cfg = _with(cfg, foreign, variables, origins)
    rewriting = from_mmdet(cfg, origins)
    own = {k: v for k, v in options.items() if k not in foreign}
    cfg = _with(rewriting.cfg, own, variables, origins)
    return Loaded(
        cfg,
        origins,
        variables,
        tuple(f.path for f in chain),
        stock_names,
        tuple(rewriting.said),
        tuple(rewriting.refused),
        rewriting.separate,
    )


def _is_variable(name: str, everything: Mapping[str, Any]) -> bool:
    """Of a name that another line reads: whether it is there for that alone."""
    if name in TWO_X:
        return TWO_X[name] in everything
    return name not in TOP_LEVEL


def _with(
    cfg: dict[str, Any], options: Mapping[str, Any], variables: Iterable[str], origins: Origins
) -> dict[str, Any]:
    cfg, paths = apply_options(cfg, options, variables)
    for key_path, value in zip(paths, options.values()):
        origins.overwritten(key_path, value)
    return cfg


def _merge(chain: tuple[ConfigFile, ...]) -> dict[str, Any]:
    from mmengine.config import Config

    if any(file.stock for file in chain):  # mmengine finds packages by a patch that this applies
        from mmholdout import registry  # noqa: F401

    path = chain[-1].path
    try:
        merged = Config.fromfile(
            str(path), import_custom_modules=False, lazy_import=False, format_python_code=False
        )
    except Exception as error:  # the file is a program; whatever it raises is the user's
        raise ConfigError(_explain(error, chain)) from error
    return {
        key: plain(value) for key, value in merged._cfg_dict.items() if not key.startswith('__')
    }


def _explain(error: Exception, chain: tuple[ConfigFile, ...]) -> str:
    files = {str(f.path): f.path for f in chain}
    where = shown(chain[-1].path)
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename in files:
            where = f'{shown(files[frame.filename])}:{frame.lineno}'
    said = str(error.args[0]) if error.args else type(error).__name__
    if 'Duplicate key' in said:
        return (
            f'{where}: two of the files in one {BASE} list define the same top-level name; '
            f'keep one ({said})'
        )
    if 'cannot inherit from base' in said:  # the key is known, its depth is not
        key = said.partition('=')[0]
        lines = [o for path, o in trace(chain).table.items() if path[-1] == key]
        where = str(max(lines, key=lambda o: o.rank)) if lines else where
        return (
            f'{where}: {key} is a dict here, but not in the base, so that they cannot be merged; '
            f'write {key}=dict(_delete_=True, ...) to replace it'
        )
    hint = ''
    if isinstance(error, NameError):
        hint = f'; a name of a base is read as {BASE}.name'
    return f'{where}: {type(error).__name__}: {said}{hint}'


def plain(value: Any) -> Any:
    """The same value in dicts, lists and tuples of Python's own, without mmengine's marks.

    `_scope_` goes too: a type is looked up in our registries first, wherever it was written.
    """
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k not in ('_delete_', '_scope_')}
    if type(value) in (list, tuple):
        return type(value)(plain(v) for v in value)
    return value
