from __future__ import annotations

from mmholdout.config import registries
from mmholdout.config.signatures import signature_of
from mmholdout.config.source_index import registered_in
from mmholdout.config.source_signature import read_signature


def test_reading_and_importing_agree_on_everything_that_mmdet_registers():
    compared, unreadable, different = 0, [], []
    for registry, homes in registries.HOMES.items():
        for home in homes:
            registries.known((registry,))
            package = home.partition('.')[0]
            for (kind, name), place in registered_in(home).items():
                things = [
                    node.module_dict[name]
                    for node in registries.family(registry)
                    if name in node.module_dict
                ]
                things = [t for t in things if t.__module__.partition('.')[0] == package]
                if kind != registry or not things:
                    continue
                read, imported = read_signature(place), signature_of(things[0])
                compared += 1
                if read is None:
                    unreadable.append(name)
                elif (read.keywords, read.open) != (imported.keywords, imported.open):
                    different.append((home, name))
    assert different == []
    assert compared > 500
    assert len(unreadable) < 15


def test_defaults_are_read():
    place = registered_in('mmdet.models')['MODELS', 'SSDHead']
    assert read_signature(place).defaults['num_classes'] == 80
