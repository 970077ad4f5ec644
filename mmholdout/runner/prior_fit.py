"""How well the priors of a config fit its training boxes, in words; and priors that fit better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mmholdout.errors import DataError
from mmholdout.models.prior_shapes import PriorRule, family_of, prior_rule, rule_with
from mmholdout.priors.coverage import Boxes, ClassFit, coverage
from mmholdout.priors.fit_text import (
    class_name,
    comparison_table,
    fit_table,
    fit_warnings,
    size_range,
)
from mmholdout.priors.no_fit import NoFitError
from mmholdout.priors.paste import paste_block
from mmholdout.priors.search import better, propose
from mmholdout.runner.parts import as_config_errors, innermost
from mmholdout.runner.prior_boxes import training_boxes

Words = dict[str, Any]


def prior_lines(words: Words, dataset: Any) -> tuple[str, list[str]]:
    """The fit of each class as a small table, and a warning for each that does not fit.

    Args:
        words: translated.
        dataset: the training split, built.

    Returns:
        The table (or one line that says why there is none) and the warnings.
    """
    try:
        rule, boxes = _read(words, dataset)
    except NoFitError as reason:
        return str(reason), []
    fits = coverage(boxes, rule.levels, rule.threshold)
    return f'{_what(rule, boxes)}\n{fit_table(fits)}', fit_warnings(fits, str(rule.threshold))


@dataclass(frozen=True)
class Proposal:
    """What `prepare_data priors` says.

    Attributes:
        text: all of it.
        block: the lines for a child config, '' where the priors stay as they are.
        before: the fit of the priors as they are.
        after: that of the proposed ones, also where they are not proposed.
    """

    text: str
    block: str
    before: list[ClassFit]
    after: list[ClassFit]


def propose_priors(words: Words, dataset: Any) -> Proposal:
    """Priors that fit the training boxes better, measured with the real generator.

    Args:
        words: translated.
        dataset: the training split, built.

    Raises:
        ConfigError: the detector has no priors that could be proposed.
        DataError: no boxes.
    """
    rule, boxes = _read(words, dataset)
    family = family_of(rule)
    if not len(boxes.labels):
        raise DataError('the training split has no boxes that priors could fit')
    arguments = family.arguments(propose(family, boxes, rule.threshold))
    new = rule_with(rule, arguments)
    before = coverage(boxes, rule.levels, rule.threshold)
    after = coverage(boxes, new.levels, rule.threshold)
    head = _what(rule, boxes)
    if not better(before, after):
        text = f'{head}\n{fit_table(before)}\n{_nothing_better(before)}'
        return Proposal(text, '', before, after)
    block = paste_block(rule.head, arguments if rule.written else new.words)
    table = comparison_table(before, after)
    text = f'{head}\n{table}\n{_rest(after)}\nPaste into a child config:\n\n{block}'
    return Proposal(text, block, before, after)


def _read(words: Words, dataset: Any) -> tuple[PriorRule, Boxes]:
    with as_config_errors('the priors of the model'):
        rule = prior_rule(words['model'])
    pipeline = innermost(words['val_dataloader']['dataset']).get('pipeline') or []
    return rule, training_boxes(dataset, pipeline, words['model'])


def _what(rule: PriorRule, boxes: Boxes) -> str:
    which = "in the cell of the box's centre " if rule.threshold.above else ''
    return (
        f'share of training boxes whose best prior {which}has {rule.threshold} '
        f'({type(rule.assigner).__name__} of {rule.head}), at {size_range(boxes.images)}, '
        'without augmentation'
    )


def _nothing_better(before: list[ClassFit]) -> str:
    if all(fit.fits for fit in before):
        return 'Your priors already fit: nothing clearly better was found.'
    return f'Nothing clearly better was found.\n{_rest(before)}'


def _rest(fits: list[ClassFit]) -> str:
    names = [class_name(fit) for fit in fits if not fit.fits]
    if not names:
        return ''
    return (
        f'Below 80 %: {", ".join(names)}. That takes a larger input, a level with a smaller '
        'stride, or more priors per cell.\n'
    )
