"""The documentation: links, tests, commands, targets, defaults; both languages alike."""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import io
import re
import shlex
import textwrap
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = sorted(
    path
    for pattern in ('*.md', 'docs/**/*.md', 'projects/**/*.md')
    for path in ROOT.glob(pattern)
    if path.read_text(encoding='utf-8').strip()
)
TRANSLATED = ('README.md', 'docs/validation.md')
FENCE = re.compile(r'^```([\w-]*)\n(.*?)^```$', re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r'<!--.*?-->', re.DOTALL)


def name_of(path):
    return str(path.relative_to(ROOT))


@cache
def text_of(path):
    return path.read_text(encoding='utf-8')


def prose_of(path):
    return COMMENT.sub('', FENCE.sub('', text_of(path)))


def code_blocks(path):
    return FENCE.findall(text_of(path))


def code_pieces(path):
    """Lines of fenced blocks, continued ones joined, and inline code."""
    for _, code in code_blocks(path):
        yield from re.sub(r'\\\n\s*', ' ', code).splitlines()
    yield from (' '.join(piece.split()) for piece in re.findall(r'`([^`]+)`', prose_of(path)))


each_doc = pytest.mark.parametrize('path', DOCS, ids=name_of)


@each_doc
def test_links_lead_somewhere(path):
    missing = []
    for target in re.findall(r'\]\(([^)\s]+)\)', prose_of(path)):
        if re.match(r'[a-z]+:', target):
            continue
        file, _, anchor = target.partition('#')
        goal = (path.parent / file).resolve() if file else path
        inside = goal.exists() and ROOT in (goal, *goal.parents)
        if not inside or (anchor and anchor not in anchors_of(goal)):
            missing.append(target)
    assert not missing


def anchors_of(path):
    headings = (re.sub(r'[^\w\- ]', '', text.lower()) for _, text in headings_of(path))
    return {heading.strip().replace(' ', '-') for heading in headings}


def headings_of(path):
    return re.findall(r'^(#+) (.+)$', FENCE.sub('', text_of(path)), re.MULTILINE)


@each_doc
def test_tests_that_are_named_exist(path):
    missing = [
        f'{file}::{test}'
        for file, test in re.findall(r'((?:tests|projects)/[\w/]+\.py)::(\w+)', text_of(path))
        if test not in functions_of(ROOT / file)
    ]
    assert not missing


@each_doc
def test_the_link_of_a_test_is_its_file(path):
    links = re.findall(
        r'\[((?:tests|mmholdout|configs|projects)/[^\]:]+)[^\]]*\]\(([^)]+)\)', text_of(path)
    )
    for label, target in links:
        assert (path.parent / target).resolve() == (ROOT / label).resolve()


@cache
def functions_of(path):
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding='utf-8'))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def commands_of(path):
    for piece in code_pieces(path):
        found = re.match(r'(?:\$ )?\S*python\S* tools/(\w+)\.py(?: (.*))?$', piece.strip())
        if found:
            yield found[1], shlex.split(found[2] or '', comments=True)


@each_doc
def test_commands_are_understood(path):
    for tool, words in commands_of(path):
        assert (ROOT / 'tools' / f'{tool}.py').is_file()
        said = io.StringIO()
        try:
            with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
                parser_of(tool).parse_args(words)
        except SystemExit as end:
            assert not end.code, f'tools/{tool}.py {shlex.join(words)}: {said.getvalue()}'


@each_doc
def test_options_in_tables_exist(path):
    """Rows such as | `tools/train.py CONFIG` | `--seed N`, ... |."""
    for tool, rest in re.findall(
        r'^\| `tools/(\w+)\.py([^|]*\|[^|]*)\|', prose_of(path), re.MULTILINE
    ):
        known = options_of(parser_of(tool))
        assert set(re.findall(r'(--[\w-]+)', rest)) <= known


def options_of(parser):
    found = set()
    for action in parser._actions:
        found.update(action.option_strings)
        for child in getattr(action, 'choices', None) or ():
            if isinstance(action.choices, dict):
                found |= options_of(action.choices[child])
    return found


def parser_of(tool):
    module = importlib.import_module(f'mmholdout.cli.{tool}')
    return (getattr(module, 'parser', None) or module._parser)()


@each_doc
def test_make_targets_exist(path):
    makefile = (ROOT / 'Makefile').read_text(encoding='utf-8')
    targets = set(re.findall(r'^([\w./-]+):(?!=)', makefile, re.MULTILINE))
    named = {m[1] for piece in code_pieces(path) if (m := re.match(r'make ([\w.-]+)', piece))}
    assert named <= targets


@each_doc
def test_files_that_are_named_exist(path):
    pattern = r'(?<![\w/.:])((?:configs|projects|tools|mmholdout|tests|docs)/[\w./-]*\w)'
    missing = set()
    for piece in code_pieces(path):
        for file in re.findall(pattern, piece):
            missing |= set() if (ROOT / file).exists() else {file}
    assert not missing


def tables_of(path, kind):
    """Rows of the tables that follow the comment `defaults: <kind>`, their cells bare of code."""
    for part in text_of(path).split(f'<!-- defaults: {kind} -->\n')[1:]:
        lines = part.split('\n\n')[0].splitlines()
        yield [[cell.strip().strip('`') for cell in line.split('|')[1:-1]] for line in lines[2:]]


def shown(default):
    return 'required' if default is inspect.Parameter.empty else repr(default)


def required(cell):
    return 'required' if cell in ('required', '必填') else cell


READMES = [path for path in DOCS if path.name.startswith('README') and path.parent == ROOT]
each_readme = pytest.mark.parametrize('path', READMES, ids=name_of)


@each_readme
def test_defaults_of_classes(path):
    from mmholdout.config.registries import find

    stated = {}
    for table in tables_of(path, 'classes'):
        for name, argument, default, *_ in table:
            stated.setdefault(name, {})[argument] = required(default)
    assert {'ReduceLROnPlateauHook', 'EarlyStoppingHook', 'VOCMetric', 'VOCDataset'} <= set(stated)
    for name, arguments in stated.items():
        cls = find(('HOOKS', 'METRICS', 'DATASETS'), name)
        assert cls is not None, f'there is no {name}'
        parameters = inspect.signature(cls).parameters
        assert arguments == {k: shown(p.default) for k, p in parameters.items()}, name


@each_readme
def test_every_hook_with_arguments_is_in_the_tables(path):
    from mmholdout.config.words import HOOK_TYPES

    stated = {row[0] for table in tables_of(path, 'classes') for row in table}
    import mmholdout.hooks as hooks

    steering = {n for n in hooks.__all__ if n.endswith('PlateauHook')} | {'EarlyStoppingHook'}
    for name in steering | set(HOOK_TYPES.values()):
        # `__init__` of a class without one is mmengine's, which takes nothing
        own = '__init__' in vars(getattr(hooks, name))
        takes = own and len(inspect.signature(getattr(hooks, name)).parameters) > 0
        assert (name in stated) == takes, name


@each_readme
def test_defaults_of_evaluation(path):
    from mmholdout.config.evaluation import evaluation_words

    (table,) = tables_of(path, 'evaluation')
    assert {row[0]: row[1] for row in table} == {
        k: repr(v) for k, v in evaluation_words({}).items()
    }


@each_readme
def test_defaults_of_schedule(path):
    from mmholdout.monitor.rate import RateSchedule

    (table,) = tables_of(path, 'schedule')
    stated = {}
    for kind, option, default, *_ in table:
        options = stated.setdefault(kind, {})
        if option:
            options[option] = required(default)
    known = {**RateSchedule.OPTIONS, 'warmup': RateSchedule.WARMUP}
    assert stated == {
        kind: {k: 'required' if v is None else repr(v) for k, v in options.items()}
        for kind, options in known.items()
    }


@each_doc
def test_example_configs_are_correct(path, tmp_path):
    from mmholdout.config.check import check
    from mmholdout.config.load import load
    from mmholdout.config.translate import translate

    examples = re.findall(
        r'<!-- example: config -->\n```python\n(.*?)```', text_of(path), re.DOTALL
    )
    assert examples or path not in READMES
    for example in examples:
        config = tmp_path / 'example.py'
        config.write_text(example.replace("'configs/", f"'{ROOT}/configs/"), encoding='utf-8')
        loaded = load(config)
        check(loaded, translate(loaded.cfg))


@each_doc
def test_quoted_files_are_as_they_are(path):
    quoted = re.findall(r'<!-- file: (\S+) -->\n```\w*\n(.*?)```', text_of(path), re.DOTALL)
    for file, code in quoted:
        assert code == (ROOT / file).read_text(encoding='utf-8'), f'{file} has changed since'


@each_doc
def test_python_in_the_docs_is_python(path):
    for language, code in code_blocks(path):
        if language == 'python':
            ast.parse(textwrap.dedent(code))


@each_readme
def test_the_layers_are_those_of_the_architecture_test(path):
    (picture,) = [code for language, code in code_blocks(path) if code.startswith('cli\n')]
    tree = ast.parse((ROOT / 'tests' / 'test_architecture.py').read_text(encoding='utf-8'))
    (layers,) = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == 'LAYERS'
    ]
    assert [set(line.split()) for line in picture.splitlines()] == [set(rooms) for rooms in layers]


@pytest.mark.parametrize('name', TRANSLATED)
def test_both_languages_have_the_same_bones(name):
    english, chinese = ROOT / name, (ROOT / name).with_name(f'{Path(name).stem}_zh-CN.md')
    assert [level for level, _ in headings_of(english)] == [
        level for level, _ in headings_of(chinese)
    ]
    assert code_blocks(english) == code_blocks(chinese)
    assert COMMENT.findall(text_of(english)) == COMMENT.findall(text_of(chinese))
    counts = [len(re.findall(r'^\|', prose_of(path), re.MULTILINE)) for path in (english, chinese)]
    assert counts[0] == counts[1], 'rows of tables'
    named = [set(re.findall(r'tests/[\w/]+\.py(?:::\w+)?', text_of(p))) for p in (english, chinese)]
    assert named[0] == named[1]
