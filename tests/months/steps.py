"""One month's step of any table."""

from .amounts import STEPS
from .lists import listed, shared


def step(state, department, table):
    """Takes a department's table to the state's period."""
    table.quirks, table.notes = [], [n for n in table.notes if "全流程" in n]
    if table.dataset in STEPS:
        STEPS[table.dataset](state, table)
    elif table.dataset in ("tasks", "lagging"):
        shared(state, table)
    else:
        listed(state, table)
