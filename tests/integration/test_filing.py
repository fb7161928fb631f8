"""Final records leave for the council's own system: once, whole, after their transaction, and whatever is cut short."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import delete

from service.engine.ids import new_id
from service.engine.work import Work
from service.filing.folder import FolderOutlet
from service.filing.handing_over import Round, pause_after
from service.filing.parcel import NotTaken, Parcel, Taken
from service.storage.matter_tables import matter_keys, steps
from tests.fixtures.filings import KEY
from tests.fixtures.pdf_text import lines_of
from tests.integration.council import Council
from workers.actors.filing import filing as filing_look
from workers.clock import Clock, Here
from workers.heart import Heart
from workflows.audit_payloads import OpenAudit, ReportAudit, TakeAudit
from workflows.filing_payloads import Acknowledge
from workflows.model import Actor, Matter, Opening
from workflows.payloads import Agree, Circulate, DisputeRecord, Nothing, WriteSections
from workflows.registry import DEFINITIONS
from workflows.vocabulary import AuditKind, DisputeAbout, RecordKind, Role, Workflow

if TYPE_CHECKING:
    from service.engine.door import Door

_PEOPLE = """ref,name,email,job_role,line_manager_ref,supervisor_ref,start_date
lm,Lead Example,lm@council.example,service_manager,,,2018-01-08
sup,Super Example,sup@council.example,team_manager,lm,lm,2018-01-08
wkr,Work Example,wkr@council.example,social_worker,sup,sup,2018-01-08
"""
_SUPERVISOR, _WORKER = Actor("sup"), Actor("wkr")


@dataclass
class Somewhere:
    """A way out that takes what it is sent, unless it is told otherwise."""

    via: str = "somewhere"
    reference: str | None = None
    refuses: NotTaken | None = None
    came: list[Parcel] = field(default_factory=list)
    #: What happens between sending and telling.
    then: Callable[[], object] = lambda: None

    def send(self, parcel: Parcel) -> Taken:
        self.came.append(parcel)
        self.then()
        if self.refuses is not None:
            raise self.refuses
        return Taken(parcel.name, parcel.sha256, self.reference)

    def acknowledgement(self, organisation: UUID, name: str) -> str | None:  # noqa: ARG002 - as every outlet
        return self.reference


class Cut(Exception):  # noqa: N818  the process ends here
    pass


@pytest.fixture
def story(council: Callable[[str, str], Council]) -> Council:
    """North Somerset, on Monday 3 March 2025 at nine."""
    found = council("north-somerset", "2025-03-03T09:00")
    found.take("people", _PEOPLE)
    return found


def signed(story: Council, said: str = "A quiet week.") -> Matter:
    """A personal record that both have signed."""

    def piece(work: Any) -> UUID:
        opening = Opening(
            Workflow.record, id=new_id(work.now), kind=RecordKind.personal, supervisee="wkr", supervisor="sup",
            data={"opened_by": "sup"},
        )  # fmt: skip
        record = work.open(opening, _SUPERVISOR, Role.supervisor)
        work.fire(record.id, "write", WriteSections(sections={"reflection": said}), _SUPERVISOR)
        work.fire(record.id, "circulate", Circulate(), _SUPERVISOR)
        work.fire(record.id, "sign", Nothing(), _WORKER)
        found: UUID = record.id
        return found

    wanted = story.run(piece)
    return next(record for record in story.matters("record") if record.id == wanted)


def filing(story: Council) -> Matter:
    return story.one("filing")


def hand_over(story: Council, outlet: Any) -> int:
    """One round."""
    return Round(story.door, outlet, KEY, story.id).run()


def said_of(parcel: Parcel) -> list[str]:
    return lines_of(parcel.document)


# -- a round
@pytest.mark.clause("NS-43", "NS-63")
def test_a_signed_record_leaves_with_its_text_its_signatures_and_the_head_of_its_history(story: Council) -> None:
    record = signed(story)
    outlet = Somewhere()

    assert hand_over(story, outlet) == 1

    [parcel] = outlet.came
    lines = said_of(parcel)
    assert lines[lines.index("Reflection on dilemmas, workload and practice") + 1] == "A quiet week."
    assert {"Super Example (sup)", "Work Example (wkr)", "Signed by supervisee"} <= set(lines)
    [final] = story.rows(steps, steps.c.matter_id == record.id, steps.c.trigger == "sign")
    sidecar = json.loads(parcel.sidecar)
    assert (sidecar["history_head"], sidecar["record"]) == (final.hash.hex(), str(record.id))
    assert (filing(story).state, filing(story).data["sent"]["document"]) == ("sent", parcel.sha256)


@pytest.mark.clause("LDS-26", "LDS-34", "LDS-35")
def test_a_decision_that_the_supervisor_alone_signed_leaves_for_the_childs_file(
    council: Callable[[str, str], Council],
) -> None:
    leeds = council("leeds", "2025-03-03T09:00")
    leeds.take("people", _PEOPLE)

    def piece(work: Any) -> None:
        opening = Opening(
            Workflow.record, id=new_id(work.now), kind=RecordKind.decision, supervisee="wkr", supervisor="sup",
            data={"opened_by": "sup"},
        )  # fmt: skip
        record = work.open(opening, _SUPERVISOR, Role.supervisor)
        work.fire(record.id, "circulate", Circulate(sections={"concerns": "Seen alone."}), _SUPERVISOR)

    leeds.run(piece)
    outlet = Somewhere(reference="CF-1")
    hand_over(leeds, outlet)

    [parcel] = outlet.came
    assert {"Decision note", "Seen alone.", "Signed by supervisor"} <= set(said_of(parcel))
    sidecar = json.loads(parcel.sidecar)
    assert (sidecar["sent_to_be_signed"], sidecar["signed_by_supervisee"]) == (None, None)
    assert (leeds.one("record").state, leeds.one("record").data["filed"]["reference"]) == ("agreed", "CF-1")


def test_a_reference_in_the_answer_files_it_in_the_same_transaction(story: Council) -> None:
    record = signed(story)

    hand_over(story, Somewhere(reference="PS-7"))

    assert filing(story).state == "filed"
    assert story.history(filing(story)) == ["open", "sent", "acknowledge"]
    [found] = story.matters("record")
    assert (found.id, found.data["filed"]["reference"]) == (record.id, "PS-7")


def test_what_was_sent_is_sent_once_and_asked_for_until_it_is_acknowledged(story: Council) -> None:
    signed(story)
    outlet = Somewhere()

    assert [hand_over(story, outlet) for _ in range(3)] == [1, 0, 0]
    outlet.reference = "PS-7"
    assert hand_over(story, outlet) == 1

    assert (len(outlet.came), filing(story).state) == (1, "filed")
    assert hand_over(story, outlet) == 0


def test_another_way_out_does_not_ask_for_what_left_by_this_one(story: Council) -> None:
    signed(story)
    hand_over(story, Somewhere())

    assert hand_over(story, Somewhere(via="elsewhere", reference="PS-7")) == 0


def test_a_record_reads_as_it_did_when_it_became_final(story: Council) -> None:
    signed(story)
    first, second = Somewhere(then=_cut), Somewhere()
    with pytest.raises(Cut):
        hand_over(story, first)
    story.at("2025-03-10T09:00")

    hand_over(story, second)

    assert first.came == second.came


def test_a_settled_record_leaves_with_what_was_said_in_its_dispute(story: Council) -> None:
    def piece(work: Any) -> None:
        opening = Opening(
            Workflow.record, id=new_id(work.now), kind=RecordKind.personal, supervisee="wkr", supervisor="sup",
            data={"opened_by": "sup"},
        )  # fmt: skip
        record = work.open(opening, _SUPERVISOR, Role.supervisor)
        work.fire(record.id, "circulate", Circulate(), _SUPERVISOR)
        work.fire(record.id, "dispute", DisputeRecord(statement="Not the second point."), _WORKER)

    story.run(piece)
    dispute = story.one("dispute")
    assert dispute.data["about"] == DisputeAbout.record
    for who, proposal in ((_WORKER, "Keep a note."), (_SUPERVISOR, None)):
        story.run(partial(Work.fire, matter_id=dispute.id, trigger="agree", data=Agree(proposal=proposal), actor=who))
    outlet = Somewhere()

    hand_over(story, outlet)

    lines = said_of(outlet.came[0])
    assert lines[lines.index("What the supervisee does not accept") + 1] == "Not the second point."
    assert lines[lines.index("What the two agreed on") + 1] == "Keep a note."


@pytest.mark.clause("CBC-84")
def test_a_case_s_record_leaves_with_its_audits_actions_under_their_own_heading(
    council: Callable[[str, str], Council],
) -> None:
    story = council("central-bedfordshire", "2025-03-03T09:00")
    story.take("people", f"{_PEOPLE}aud,Audit Example,aud@council.example,officer,,,2018-01-08\n")
    story.take("people", "ref,name,email,job_role,app_roles\naud,Audit Example,aud@council.example,officer,auditor\n")
    story.take("cases", "ref,worker_ref,category,allocated_on\nc1,wkr,family-support,2025-01-06\n")

    def piece(work: Work) -> None:
        report = ReportAudit(learning=["Say why each action was set."])
        data = OpenAudit(kind=AuditKind.case_sample, case="c1")
        auditor, audits = Actor("aud"), DEFINITIONS[Workflow.audit].opening
        assert audits.begins is not None
        opening = audits.begins(auditor, data, work.opening_facts(["c1"])).with_id(new_id(work.now))
        audit = work.open(opening, auditor, Role.auditor)
        work.fire(audit.id, "take", TakeAudit(), auditor)
        work.fire(audit.id, "report", report, auditor)
        opening = Opening(
            Workflow.record, id=new_id(work.now), kind=RecordKind.case, supervisee="wkr", supervisor="sup", case="c1",
            data={"opened_by": "sup", "audit_learning": [str(audit.id)]},
        )  # fmt: skip
        record = work.open(opening, _SUPERVISOR, Role.supervisor)
        work.fire(record.id, "circulate", Circulate(sections={"case_audit": "By Easter."}), _SUPERVISOR)
        work.fire(record.id, "sign", Nothing(), _WORKER)

    story.run(piece)
    outlet = Somewhere()

    hand_over(story, outlet)

    lines = said_of(outlet.came[0])
    assert lines[lines.index("Case audit actions") + 1] == "By Easter."
    assert lines[lines.index("Case audit") + 1] == "Outstanding: Say why each action was set."


# -- what goes wrong
def _cut() -> None:
    raise Cut


def test_a_process_that_ends_between_sending_and_telling_has_sent_twice_and_filed_once(
    story: Council, tmp_path: Path
) -> None:
    signed(story)
    real = FolderOutlet(tmp_path)

    class CutShort(FolderOutlet):
        def send(self, parcel: Parcel) -> Taken:
            super().send(parcel)
            raise Cut

    with pytest.raises(Cut):
        hand_over(story, CutShort(tmp_path))
    left = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert (len(left), filing(story).state) == (3, "to_file")

    hand_over(story, real)

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == left
    assert story.history(filing(story)) == ["open", "sent"]
    [sidecar] = tmp_path.rglob("*.json")
    sidecar.with_name(sidecar.name.replace(".json", ".ack.json")).write_text('{"reference": "PS-7"}')
    hand_over(story, real)
    assert filing(story).state == "filed"


def test_two_at_once_send_the_same_and_one_tells(story: Council) -> None:
    signed(story)
    second = Somewhere()
    first = Somewhere(then=lambda: hand_over(story, second))

    hand_over(story, first)

    assert first.came == second.came
    assert story.history(filing(story)) == ["open", "sent"]


def test_what_was_filed_by_hand_meanwhile_stays_filed(story: Council) -> None:
    signed(story)
    by_hand = Acknowledge(reference="PS-1")
    outlet = Somewhere(
        reference="PS-7",
        then=lambda: story.run(lambda work: work.fire(filing(story).id, "acknowledge", by_hand, _SUPERVISOR)),
    )

    hand_over(story, outlet)

    assert filing(story).data["filed"]["reference"] == "PS-1"


def test_where_nobody_is_there_one_is_tried_and_the_others_wait(story: Council) -> None:
    for _ in range(3):
        signed(story)
    away = Somewhere(refuses=NotTaken("unreachable"))

    hand_over(story, away)

    assert len(away.came) == 1
    assert sorted(found.data.get("tries", 0) for found in story.matters("filing")) == [0, 0, 1]


def test_what_is_refused_for_good_holds_up_no_other(story: Council) -> None:
    for _ in range(3):
        signed(story)
    strict = Somewhere(refuses=NotTaken("answered_422", for_good=True))

    hand_over(story, strict)
    hand_over(story, strict)

    assert len(strict.came) == 3
    assert all(found.data["by_hand"] for found in story.matters("filing"))


def test_what_failed_is_tried_again_after_a_while_and_less_and_less_often(story: Council) -> None:
    signed(story)
    away = Somewhere(refuses=NotTaken("unreachable"))
    hand_over(story, away)

    story.at("2025-03-03T09:04")
    hand_over(story, away)
    assert len(away.came) == 1
    story.at("2025-03-03T09:05")
    hand_over(story, away)
    story.at("2025-03-03T09:24")
    hand_over(story, away)

    assert len(away.came) == 2
    assert [pause_after(tries) for tries in (1, 2, 3, 9, 500)] == [
        timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=80), timedelta(days=1), timedelta(days=1),
    ]  # fmt: skip


def test_after_a_failure_of_days_everything_leaves_and_is_still_late(story: Council) -> None:
    signed(story)
    hand_over(story, Somewhere(refuses=NotTaken("unreachable")))
    story.at("2025-03-11T09:00")
    assert filing(story).state == "overdue"

    hand_over(story, Somewhere())

    assert (filing(story).state, filing(story).data["sent"]["via"]) == ("overdue", "somewhere")
    hand_over(story, Somewhere(reference="PS-7"))
    assert filing(story).state == "filed"


def test_a_record_whose_text_is_gone_is_a_persons_to_file_and_holds_up_no_other(story: Council) -> None:
    broken, sound = signed(story), signed(story)
    with story.door.database.write(story.id) as connection:
        own = (matter_keys.c.organisation_id == story.id, matter_keys.c.matter_id == broken.id)
        connection.execute(delete(matter_keys).where(*own))
    outlet = Somewhere()

    hand_over(story, outlet)

    assert [json.loads(parcel.sidecar)["record"] for parcel in outlet.came] == [str(sound.id)]
    assert {found.parent: found.data.get("by_hand") for found in story.matters("filing")}[broken.id]


def test_a_round_ends_when_it_is_told_to(story: Council) -> None:
    for _ in range(3):
        signed(story)
    outlet = Somewhere()
    left = iter((True, True))

    Round(story.door, outlet, KEY, story.id).run(lambda: next(left, False))

    assert len(outlet.came) == 2


# -- the filer
def _filer(door: Door, outlet: Somewhere) -> Clock:
    return Clock(Heart(door.database, "clock"), [filing_look(door, outlet, KEY)], Here(door))


def test_the_filer_goes_through_every_council_with_something_to_file(
    council: Callable[[str, str], Council], story: Council, door: Door
) -> None:
    other = council("leeds", "2025-03-03T09:00")
    other.take("people", _PEOPLE)
    idle = council("leeds", "2025-03-03T09:00")
    signed(story)
    waiting = set(door.database.filing_organisations())
    outlet = Somewhere(reference="R-1")

    assert story.id in waiting
    assert idle.id not in waiting
    _filer(door, outlet).tick()

    assert filing(story).state == "filed"
    assert story.id not in set(door.database.filing_organisations())


def test_a_council_whose_round_fails_holds_up_no_other(council: Callable[[str, str], Council], door: Door) -> None:
    both = [council("north-somerset", "2025-03-03T09:00") for _ in range(2)]
    for one in both:
        one.take("people", _PEOPLE)
        signed(one)
    failing, sound = sorted(both, key=lambda one: one.id)

    class Fails(Somewhere):
        def send(self, parcel: Parcel) -> Taken:
            if parcel.organisation == failing.id:
                raise Cut
            return super().send(parcel)

    _filer(door, Fails(reference="R-1")).tick()

    assert (failing.one("filing").state, sound.one("filing").state) == ("to_file", "filed")


def test_a_filer_works_until_it_is_stopped(story: Council, door: Door) -> None:
    signed(story)
    filer = _filer(door, Somewhere(reference="R-1"))

    filer.start()
    while filing(story).state != "filed":
        pass
    filer.stop()

    signed(story)
    assert [found.state for found in story.matters("filing") if found.closed_at is None] == ["to_file"]


def test_pages_of_filings_are_all_gone_through(story: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.filing.handing_over._PAGE", 2)
    for _ in range(6):
        signed(story)
    outlet = Somewhere()

    hand_over(story, outlet)

    assert len({parcel.filing for parcel in outlet.came}) == len(outlet.came) == 6
