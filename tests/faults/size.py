"""How much is tried: little in the pipeline, all by `make faults`, which sets these in the environment."""

from __future__ import annotations

import os
import time

#: Rounds in which processes are killed, and how many deadlines fall due in each.
ROUNDS = int(os.environ.get("SUPERVISION_FAULT_ROUNDS", "3"))
DEADLINES = int(os.environ.get("SUPERVISION_FAULT_DEADLINES", "600"))
#: How many simulated councils.
SEEDS = int(os.environ.get("SUPERVISION_FAULT_SEEDS", "300"))
#: Where chance begins; another one for each run unless it is given.
FIRST_SEED = int(os.environ.get("SUPERVISION_FAULT_SEED", str(int(time.time()) % 1_000_000)))
