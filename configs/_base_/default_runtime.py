# What a run does besides learning: its checkpoints, console and curves, its seed.
default_hooks = dict(
    checkpoint=dict(type='CheckpointHook', save_every=1, keep=0),  # last and best always remain
    console=dict(type='ConsoleHook', interval=50),  # iterations between lines, off a terminal
    curves=dict(type='CurvesHook'),
)
randomness = dict(seed=0, deterministic=False)
env_cfg = dict(cudnn_benchmark=False, mp_cfg=dict(mp_start_method='fork', opencv_num_threads=0))
load_from = None
