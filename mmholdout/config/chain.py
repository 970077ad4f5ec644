"""The files of a base chain, found by reading and not by running them."""

from __future__ import annotations

import ast
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

from mmholdout.errors import ConfigError

BASE = '_base_'
_TEMPLATE = re.compile(r'\{\{[^{}\n]*\}\}')


@dataclass(frozen=True)
class ConfigFile:
    """One file of the chain.

    Attributes:
        path: absolute.
        tree: its syntax tree; `{{...}}` that is no Python reads as None.
        bases: what its `_base_` names, in order.
        text: as written.
    """

    path: Path
    tree: ast.Module
    bases: tuple[Path, ...]
    text: str

    @property
    def stock(self) -> bool:
        """Whether the file came with an installed package (`mmdet::...`)."""
        return '.mim' in self.path.parts


def read_chain(path: Path) -> tuple[ConfigFile, ...]:
    """The config and everything below it, bases first, in the order in which they are merged.

    Raises:
        ConfigError: a file is missing (naming the file that asked), is no Python, or asks for
            itself.
    """
    files: list[ConfigFile] = []
    _visit(path, None, (), files)
    return tuple(files)


def shown(path: Path) -> str:
    """The path as a message shows it: relative where it lies below the current folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _visit(path: Path, asker: str | None, above: tuple[Path, ...], files: list[ConfigFile]) -> None:
    path = Path(path).expanduser().absolute().resolve()
    if path in above:
        circle = ' -> '.join(shown(p) for p in (*above[above.index(path) :], path))
        raise ConfigError(f'the base chain is a circle: {circle}')
    if not path.is_file():
        asked = f'; {asker} asks for it in _base_' if asker else ''
        raise ConfigError(f'config file {shown(path)} does not exist{asked}')
    if path.suffix != '.py':
        raise ConfigError(f'config file {shown(path)} is no .py file; write it in Python')
    text = path.read_text(encoding='utf-8')
    tree = _parse(text, path)
    line, names = _base_names(tree, path)
    bases = tuple(_base_path(name, path, line) for name in names)
    for base in bases:
        _visit(base, f'{shown(path)}:{line}', (*above, path), files)
    files.append(ConfigFile(path, tree, bases, text))


def _parse(text: str, path: Path) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError:
        pass
    try:
        return ast.parse(_TEMPLATE.sub('None', text))
    except SyntaxError as error:
        raise ConfigError(
            f'{shown(path)}:{error.lineno} is no Python: {error.msg}: {(error.text or "").strip()}'
        ) from None


def _base_names(tree: ast.Module, path: Path) -> tuple[int, list[str]]:
    for node in tree.body:
        if isinstance(node, ast.With) and 'read_base' in ast.unparse(node.items[0]):
            raise ConfigError(
                f'{shown(path)}:{node.lineno}: `with read_base()` is not supported; '
                f"write {BASE} = ['...'] with paths relative to the file"
            )
        if not (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == BASE):
            continue
        try:
            value = ast.literal_eval(node.value)
        except ValueError:
            value = None
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list | tuple) or not all(isinstance(n, str) for n in names):
            raise ConfigError(
                f'{shown(path)}:{node.lineno}: {BASE} must be a path or a list of paths, '
                f'written out; got {ast.unparse(node.value)}'
            )
        return node.lineno, list(names)
    return 0, []


def _base_path(name: str, asker: Path, line: int) -> Path:
    package, separator, inner = name.partition('::')
    if not separator:
        return asker.parent / name
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(f'{shown(asker)}:{line}: {name}: package {package!r} is not installed')
    return Path(spec.submodule_search_locations[0], '.mim', 'configs', inner)
