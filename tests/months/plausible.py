"""A year as it comes: volatile small cities, 冲量, award batches, projects that multiply."""

from .sending import Sender
from .state import State
from .steps import step

DEPARTMENTS = ("fgw", "jxt", "kjt", "swt", "scjgj", "nyj")


def generate(out, seed="plausible"):
    """Six departments from 1—2月 to December 2022."""
    state, sender = State("2022-02", seed), Sender(out)
    while True:
        for department in DEPARTMENTS:
            sender.send(state.period, department, state.due(department))
        if state.period == "2022-12":
            break
        state.step(step)
    sender.close()
