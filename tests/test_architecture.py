"""The layer rule, read from the imports: a room imports only from rooms below it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / 'mmholdout'

# From the top down. Rooms of one line never import each other.
LAYERS = (
    ('cli',),
    ('runner',),
    ('hooks', 'loops'),
    ('models', 'datasets', 'evaluation'),
    ('config',),
    ('registry',),
    ('ops', 'compat', 'quick_import', 'memory'),
    ('guards',),
    ('priors',),
    ('report', 'metrics', 'monitor', 'splits', 'sample', 'fetch', 'formats'),
    ('history',),
    ('errors',),
)
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
PURE = (
    'errors',
    'history',
    'report',
    'metrics',
    'monitor',
    'splits',
    'sample',
    'priors',
    'fetch',
    'formats',
)
HEAVY = ('torch', 'mmengine', 'mmcv', 'mmdet')
# A quick command must not wait for these; they are imported inside functions there.
LATE = (*HEAVY, 'matplotlib', 'rich', 'scipy', 'numba', 'pycocotools')
MAX_LINES = 300

FILES = sorted(PACKAGE.rglob('*.py'))


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix('').parts
    return '.'.join(parts[:-1] if parts[-1] == '__init__' else parts)


def room_of(module):
    return module.split('.')[1] if module.startswith('mmholdout.') else None


def imports_of(path, *, top_level_only=False):
    """Modules that a file imports; `from a.b import c` counts as a.b.c where that is a file."""
    tree = ast.parse(path.read_text(encoding='utf-8'))
    nodes = tree.body if top_level_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f'{path}: relative import'
            for alias in node.names:
                sub = f'{node.module}.{alias.name}'
                file = ROOT / Path(*sub.split('.'))
                is_module = file.with_suffix('.py').is_file() or file.is_dir()
                yield sub if is_module else node.module


def edges():
    return {module_of(p): {m for m in imports_of(p) if m.startswith('mmholdout')} for p in FILES}


def test_every_room_has_its_layer():
    rooms = {room_of(module_of(path)) for path in FILES} - {None}
    assert rooms == set(LEVEL)


@pytest.mark.parametrize('path', FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_one_way(path):
    own = room_of(module_of(path))
    for module in imports_of(path):
        other = room_of(module)
        if own and other and own != other:
            assert LEVEL[other] > LEVEL[own], f'{path} ({own}) imports {module} ({other})'


def test_no_cycles():
    graph, done = edges(), set()

    def visit(module, path):
        assert module not in path, ' -> '.join([*path[path.index(module) :], module])
        if module in done:
            return
        for other in graph.get(module, ()):
            if other != module:
                visit(other, [*path, module])
        done.add(module)

    for module in graph:
        visit(module, [])


@pytest.mark.parametrize('path', [p for p in FILES if room_of(module_of(p)) in PURE], ids=str)
def test_pure_rooms_know_neither_torch_nor_mmengine(path):
    heavy = {m for m in imports_of(path) if m.split('.')[0] in HEAVY}
    assert not heavy


@pytest.mark.parametrize(
    'path', [p for p in FILES if room_of(module_of(p)) in (*PURE, 'cli', 'config')], ids=str
)
def test_nothing_heavy_at_import(path):
    late = {m for m in imports_of(path, top_level_only=True) if m.split('.')[0] in LATE}
    assert not late


@pytest.mark.parametrize('path', FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_file_has_its_test(path):
    if path.name == '__init__.py':
        return
    relative = path.relative_to(PACKAGE)
    assert (ROOT / 'tests' / relative.parent / f'test_{path.name}').is_file()


def test_every_test_has_its_file():
    others = {'test_architecture.py', 'test_configs.py', 'test_packaging.py', 'test_docs.py'}
    for path in sorted((ROOT / 'tests').rglob('test_*.py')):
        relative = path.relative_to(ROOT / 'tests')
        if relative.parts[0] in ('integration', 'guarantees') or str(relative) in others:
            continue
        source = PACKAGE / relative.parent / path.name.removeprefix('test_')
        assert source.is_file(), f'{relative} tests a file that does not exist'


def test_no_file_is_long():
    for folder in ('mmholdout', 'tests', 'tools', 'configs', 'projects', 'benchmarks'):
        for path in (ROOT / folder).rglob('*.py'):
            lines = len(path.read_text(encoding='utf-8').splitlines())
            limit = 25 if folder == 'tools' else MAX_LINES
            assert lines <= limit, f'{path}: {lines} lines'


def test_projects_are_not_imported():
    for path in FILES:
        assert not any(m.split('.')[0] == 'projects' for m in imports_of(path))


def test_listed_protections_stand_where_the_list_says():
    tomllib = pytest.importorskip('tomllib', reason='Python reads TOML from 3.11 on')
    text = (ROOT / 'benchmarks' / 'protections.toml').read_text(encoding='utf-8')
    for protection in tomllib.loads(text)['protection']:
        code = (ROOT / protection['file']).read_text(encoding='utf-8')
        assert protection['old'] in code, f'{protection["name"]}: not in {protection["file"]}'
        file, *names = protection['test'].split('::')
        tests = (ROOT / file).read_text(encoding='utf-8')
        for name in names:
            function = f'def {name.partition("[")[0]}('
            assert function in tests or f'class {name}:' in tests, protection['test']
