"""Training without the compiler's import, and compiling all the same."""

from __future__ import annotations

import subprocess
import sys
import textwrap


def run(code: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, '-c', textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


STEP = """
    import sys
    import torch
    from mmholdout.runner.late_compiler import import_compiler_late
    {late}
    def trained():
        torch.manual_seed(0)
        layer = torch.nn.Linear(3, 1)
        optimizer = torch.optim.AdamW(layer.parameters(), lr=0.1, amsgrad=True)
        for _ in range(3):
            optimizer.zero_grad()
            layer(torch.ones(2, 3)).sum().backward()
            optimizer.step()
        optimizer.load_state_dict(optimizer.state_dict())
        return layer
    layer = trained()
    print('sympy' in sys.modules, layer.weight.tolist())
"""


def test_an_optimizer_steps_without_it_and_as_with_it() -> None:
    late, *weights = run(STEP.format(late='import_compiler_late()'))
    early, *same = run(STEP.format(late=''))
    assert (late, early) == ('False', 'True')
    assert weights == same


def test_it_is_there_when_something_is_compiled() -> None:
    code = STEP.format(late='import_compiler_late()') + (
        """
    compiled = torch.compile(layer, backend='eager')
    print(torch.equal(compiled(torch.ones(2, 3)), layer(torch.ones(2, 3))))
    import torch._dynamo.config
    print(torch._dynamo.config.__name__, sys.modules['torch._dynamo'] is torch._dynamo)
    print(torch.equal(trained().weight, layer.weight))
    """
    )
    assert run(code)[-4:] == ['True', 'torch._dynamo.config', 'True', 'True']


def test_a_part_of_it_can_be_imported_at_once() -> None:
    code = """
        from mmholdout.runner.late_compiler import import_compiler_late
        import_compiler_late()
        from torch._dynamo.utils import counters
        import torch._dynamo
        print(torch._dynamo.__file__.endswith('__init__.py'), len(counters))
    """
    assert run(code) == ['True', '0']


def test_one_that_is_imported_stays() -> None:
    code = """
        import sys
        import torch._dynamo
        from mmholdout.runner.late_compiler import import_compiler_late
        import_compiler_late()
        print(hasattr(sys.modules['torch._dynamo'], '__file__'))
    """
    assert run(code) == ['True']
