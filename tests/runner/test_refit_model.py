from mmholdout.runner.checkpoint import FULL, WEIGHTS, read_checkpoint, write_checkpoint
from mmholdout.runner.refit_model import chosen_by_refit, refit_sentences, write_refit_model
from mmholdout.runner.run_folder import RunFolder

REFIT = {
    'of': 'work_dirs/a',
    'monitor': 'val/mAP',
    'value': 0.51234,
    'epochs': 7,
    'rate_cuts': [(4, 0.1), (6.5, 0.01)],
    'batch_growths': [],
    'score_thr': 0.3,
}


def test_the_weights_without_what_a_resume_needs(tmp_path):
    folder = RunFolder(tmp_path)
    folder.checkpoints.mkdir()
    content = {'kind': FULL, 'meta': {'epoch': 7}, 'state_dict': {}, 'run_state': {'a': 1}}
    write_checkpoint(folder.last, content)
    write_refit_model(folder)
    written = read_checkpoint(folder.refit_model)
    assert written['kind'] == WEIGHTS and 'run_state' not in written
    assert written['meta'] == {'epoch': 7}


def test_what_is_said_of_a_refit():
    first, second, third = refit_sentences(REFIT)
    assert '7 epochs, which validation chose there (val/mAP = 0.5123 there)' in first
    assert second.endswith('cuts of the plateau: 0.1 after 4, 0.01 after 6.5')
    assert 'no validation number of its own' in third
    assert third.endswith('score threshold 0.300, which validation chose there')


def test_without_cuts_and_threshold():
    _, second, third = refit_sentences(
        {**REFIT, 'rate_cuts': [], 'score_thr': None, 'batch_growths': [(3, 2)]}
    )
    assert 'cuts of the plateau: none; accumulation times 2 after 3 epochs' in second
    assert third.endswith('at the score threshold of the metric')


def test_what_chose_it():
    said = chosen_by_refit({'epoch': 7, 'refit': REFIT})
    assert said.startswith('epoch 7 of a refit on train and val, which no validation measured')
    assert 'val/mAP = 0.5123 of another model (work_dirs/a)' in said
    assert said.endswith('and so was the score threshold 0.300')
    assert chosen_by_refit({'epoch': 7}) is None
