"""All the state of a run, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from mmholdout.errors import CheckpointError


class Stateful(Protocol):
    """Anything that can go on from where it was.

    Its state holds counters and no hyper-parameters: those come from the config, so that a
    changed config takes effect on resume.
    """

    def state_dict(self) -> dict[str, Any]:
        """Plain values and tensors."""
        ...

    def load_state_dict(self, state: dict[str, Any], /) -> object:
        """Go on from `state_dict()`."""
        ...


class RunState:
    """The stateful parts of a run under keys, so that none is restored into another."""

    def __init__(self) -> None:
        self._parts: dict[str, Stateful] = {}

    def register(self, key: str, part: Stateful) -> None:
        """Add a part; a second one under the same key is a defect of the caller (KeyError)."""
        if key in self._parts:
            raise KeyError(f'run state {key!r} is registered twice')
        self._parts[key] = part

    def state_dict(self) -> dict[str, dict[str, Any]]:
        """Every part's state under its key."""
        return {key: part.state_dict() for key, part in self._parts.items()}

    def load_state_dict(self, state: Mapping[str, dict[str, Any]]) -> list[str]:
        """Restore the parts in the order in which they were registered.

        Returns:
            Sentences for the user: what was saved and has no part in this run, and the reverse.

        Raises:
            CheckpointError: when a part cannot read its state.
        """
        for key, part in self._parts.items():
            if key not in state:
                continue
            try:
                part.load_state_dict(state[key])
            except (KeyError, TypeError, ValueError) as error:
                raise CheckpointError(
                    f'the saved state of {key!r} does not fit this run '
                    f'({type(error).__name__}: {error}). Resume with the config and the version '
                    f'that wrote it, or start a new run with load_from'
                ) from error
        unused = [key for key in state if key not in self._parts]
        fresh = [key for key in self._parts if key not in state]
        return [
            f'saved state of {key!r} is not used: this run has no such part' for key in unused
        ] + [f'{key!r} starts afresh: the checkpoint has no state of it' for key in fresh]
