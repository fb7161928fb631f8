"""Whether one matter is what was written: its chain of steps, the receipts of its deadlines, its sealed texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from service.storage.faults import Fault
from service.storage.history import BEGINNING, step_hash
from service.storage.sealing import unseal
from service.storage.wrapping import UnsealableError
from workflows.receipts import iso, recompute
from workflows.vocabulary import Status

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping

    from service.storage.certificates import Certified
    from service.storage.faults import Report
    from service.storage.sealing import Sealer

#: The deadlines whose receipt still explains them; a superseded or corrected one was overtaken by another.
_EXPLAINED = frozenset({Status.running, Status.awaiting_report, Status.paused, Status.met, Status.missed})


class Stored(Struct):
    """Everything that is stored of one matter, steps in order. Without `matter` its own row is gone."""

    matter: RowMapping | None = None
    steps: list[RowMapping] = field(default_factory=list)
    deadlines: list[RowMapping] = field(default_factory=list)
    texts: dict[tuple[int, str], bytes] = field(default_factory=dict)
    wrapped_key: bytes | None = None


class MatterCheck(Struct, frozen=True):
    """The check of one matter. `sealer` is None where the organisation's own key does not open."""

    organisation_id: UUID
    matter_id: UUID
    stored: Stored
    sealer: Sealer | None
    report: Report
    #: What a certificate of disposal says of this matter, where one does.
    certified: Certified | None = None

    def run(self) -> None:
        """Add what was found to the report."""
        self._check_chain()
        self._check_row()
        for deadline in self.stored.deadlines:
            if deadline["status"] in _EXPLAINED:
                self._check_receipt(deadline)
        if self.sealer is not None:
            self._check_texts(self.sealer)

    def _fault(self, what: str) -> None:
        self.report.faults.append(Fault(what, self.matter_id))

    def _check_chain(self) -> None:
        previous, expected = BEGINNING, 1
        for step in self.stored.steps:
            self.report.steps += 1
            number = step["number"]
            if number != expected:
                self._fault(f"step {expected} is missing: step {number} comes instead")
            if step_hash(previous, self.matter_id, step) != step["hash"]:
                self._fault(f"step {number} is not what was hashed, or does not follow the step before it")
            previous, expected = step["hash"], number + 1

    def _check_row(self) -> None:
        matter, steps = self.stored.matter, self.stored.steps
        if matter is None:
            self._fault("the matter itself is gone, and rows of it are left")
            return
        self.report.matters += 1
        if not steps:
            self._fault("the matter has no steps")
            return
        last = steps[-1]
        if (matter["version"], matter["head"]) != (last["number"], last["hash"]):
            self._fault(f"the matter stands at step {matter['version']}, and its history ends otherwise")
        if matter["state"] != last["dest"]:
            self._fault(f"the matter is {matter['state']}, and its last step led to {last['dest']}")

    def _check_receipt(self, deadline: RowMapping) -> None:
        self.report.receipts += 1
        name, due = f"deadline {deadline['number']} ({deadline['name']})", deadline["due"]
        try:
            computed = recompute(deadline["receipt"])
        except (IndexError, KeyError, TypeError, ValueError) as error:
            self._fault(f"{name} has a receipt that cannot be computed: {error!r}")
            return
        if computed != due:
            stored, again = (at and iso(at) for at in (due, computed))
            self._fault(f"{name} is due {stored}, and its receipt says {again}")
        elif deadline["status"] == Status.paused and due is not None:
            self._fault(f"{name} is paused and due all the same")

    def _check_texts(self, sealer: Sealer) -> None:
        committed = {(s["number"], name): made for s in self.stored.steps for name, made in s["commitments"].items()}
        if self.certified is not None:
            committed = self._check_disposal(self.certified, committed)
        if self.stored.wrapped_key is None:
            self._check_nothing_is_lost(len(committed))
            return
        try:
            key = sealer.unwrap(self.stored.wrapped_key)
        except UnsealableError as error:
            self._fault(f"the matter's key does not open: {error}")
            return
        for (step, name), commitment in committed.items():
            self._check_text(key, step, name, commitment)
        for step, name in self.stored.texts.keys() - committed.keys():
            self._fault(f"there is a text {name} of step {step} to which the step does not commit")

    def _check_disposal(
        self, certified: Certified, committed: dict[tuple[int, str], str]
    ) -> dict[tuple[int, str], str]:
        """Whether what a certificate says was destroyed was: what is still committed to after it."""
        ended = [step["hash"].hex() for step in self.stored.steps if step["number"] == certified.version]
        if ended != [certified.head]:
            self._fault("a certificate of disposal names another history than there is")
        later = {place: made for place, made in committed.items() if place[0] > certified.version}
        self.report.texts_destroyed += len(committed) - len(later)
        if self.stored.wrapped_key is not None and not later:
            self._fault("a certificate of disposal says that the key was destroyed, and it is there")
        return later

    def _check_nothing_is_lost(self, committed: int) -> None:
        """Whether texts without a key are gone by a certificate, and gone themselves."""
        if committed:
            self._fault("the matter's key is gone, and no certificate of disposal says so")
        for step, name in self.stored.texts:
            self._fault(f"the text {name} of step {step} is left without its key")

    def _check_text(self, key: bytes, step: int, name: str, commitment: str) -> None:
        self.report.texts += 1
        sealed = self.stored.texts.get((step, name))
        if sealed is None:
            self._fault(f"the text {name} of step {step} is missing, and its key is not")
            return
        try:
            opened = unseal(key, self.organisation_id, self.matter_id, step, name, sealed)
        except UnsealableError as error:
            self._fault(f"the text {name} of step {step} does not open: {error}")
            return
        if opened.commitment != commitment:
            self._fault(f"the text {name} of step {step} is not the one that the step commits to")
