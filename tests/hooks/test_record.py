from mmholdout.hooks import RecordHook


def test_rows_carry_position_and_rate(scripted):
    run = scripted(RecordHook())
    run.run([0.1, 0.2])
    rows = run.history.rows
    assert [(r['epoch'], r['iter'], r['lr'], r['val/mAP']) for r in rows] == [
        (1, 10, 0.1, 0.1),
        (2, 20, 0.1, 0.2),
    ]


def test_a_resume_drops_rows_after_the_checkpoint(scripted):
    hook = RecordHook()
    run = scripted(hook)
    run.run([0.1])
    state = hook.state_dict()
    run.run([0.2, 0.3])
    resumed = RecordHook()
    resumed.load_state_dict(state)
    scripted(resumed).call('before_train')
    assert [row['val/mAP'] for row in run.history.rows] == [0.1]


def test_a_new_run_drops_nothing(scripted):
    run = scripted(RecordHook())
    run.run([0.1])
    scripted(RecordHook()).call('before_train')
    assert len(run.history.rows) == 1


def test_a_history_that_is_shorter_than_the_checkpoint_is_said(scripted):
    hook = RecordHook()
    run = scripted(hook)
    run.run([0.1, 0.2])
    state = hook.state_dict()
    run.history.truncate(1)
    resumed = RecordHook()
    resumed.load_state_dict(state)
    again = scripted(resumed)
    again.call('before_train')
    assert '1 rows where the restored run had written 2' in again.said[0]
    assert resumed.state_dict() == {'num_rows': 1}
