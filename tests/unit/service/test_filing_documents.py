"""What leaves for a record: a document for people, a sidecar for machines, and a signature that covers both."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidSignature

from service.filing.document import as_pdf
from service.filing.final_record import Duty
from service.filing.layouts import LAYOUTS, layout_for
from service.filing.sidecar import FIELDS, as_sidecar, fields_of, place_of
from tests.fixtures.filings import KEY, final_record, parcel
from tests.fixtures.pdf_text import lines_of
from workflows.policy_reader import shipped
from workflows.vocabulary import RecordKind

_RENAMED_NEVER = ("filing", "record", "history_head", "organisation")


# -- the document
@pytest.mark.clause("NS-43")
def test_the_document_says_what_the_record_says_and_who_signed_it_when() -> None:
    lines = lines_of(as_pdf(final_record()))

    assert lines[0] == "Record of case supervision"
    for label, text in (
        ("Council", "Exampleshire"),
        ("Case", "c1"),
        ("Supervisee", "Work Example (wkr)"),
        ("Signed by supervisor", "4 March 2025, 14:30:00 GMT"),
        ("Signed by supervisee", "4 March 2025, 16:30:00 GMT"),
        ("State", "Signed by both, and final"),
        ("Belongs in", "the child’s file in LCS (NS-09, NS-84)"),
        ("Key issues", "A quiet week."),
        ("Rationale", "It went well."),
        ("Send by", "6 March 2025, 11:30:00 GMT: met"),
        ("Head of the history", "ab" * 32),
    ):
        assert lines[lines.index(label) + 1] == text, label


def test_the_document_tells_how_its_deadlines_were_counted() -> None:
    receipt = {
        "counted": "5 working days", "clause": "CBC-42", "due": None,
        "anchors": [{"event": "sent to the supervisee", "at": "2025-04-17"}],
        "skipped": [{"date": "2025-04-18", "because": "Good Friday"}],
        "pauses": [{"from": "2025-04-22", "to": None, "because": "absent (sickness)"}],
    }  # fmt: skip

    said = " ".join(lines_of(as_pdf(final_record(duties=(Duty("sign_by", "paused", receipt),)))))

    assert "Sign by paused: paused" in said
    assert "5 working days (CBC-42), from: sent to the supervisee 2025-04-17" in said
    assert "not counted: 2025-04-18 Good Friday, 2025-04-22 to open absent" in said
    assert "sickness" not in said


def test_a_record_that_silence_accepted_says_so() -> None:
    deemed = datetime(2025, 3, 11, tzinfo=UTC)
    signed = {"supervisor": datetime(2025, 3, 4, tzinfo=UTC)}

    lines = lines_of(as_pdf(final_record(state="deemed_accepted", deemed_at=deemed, signed=signed)))

    assert "Taken as accepted" in lines
    assert "Signed by supervisee" not in lines
    assert "Not signed in its window: counts as accepted under the policy" in " ".join(lines)


@pytest.mark.clause("LDS-35")
def test_a_record_that_the_supervisor_alone_signs_says_so() -> None:
    signed = {"supervisor": datetime(2025, 3, 4, tzinfo=UTC)}

    lines = lines_of(as_pdf(final_record(kind="decision", sent_at=None, signed=signed)))

    assert "Signed by the supervisor alone, as the policy has it, and final" in " ".join(lines)
    assert not {"Sent to be signed", "Signed by supervisee"} & set(lines)


@pytest.mark.clause("NS-17", "DAR-34", "HAR-31")
def test_a_settled_record_carries_what_belongs_to_it() -> None:
    attached = (("What the supervisee does not accept", "The second point."), ("How it was decided", "record stands"))

    lines = lines_of(as_pdf(final_record(state="settled", attached=attached)))

    assert lines[lines.index("What the supervisee does not accept") + 1] == "The second point."
    assert "Settled after a disagreement" in " ".join(lines)


def test_a_record_that_a_leaver_never_signed_says_so() -> None:
    lines = lines_of(as_pdf(final_record(state="settled", sent_at=None, signed={}, held_at=None, case=None)))

    assert "Closed without the supervisee’s signature" in lines
    assert not {"Sent to be signed", "Session ended", "Case"} & set(lines)


def test_every_character_comes_through_or_leaves_its_number() -> None:
    text = "Żaneta’s “quiet” week – ✓ done; Ωμέγα, Иван.\n\tAnd 👍."

    lines = lines_of(as_pdf(final_record(sections=(("Discussion", text),))))

    at = lines.index("Discussion")
    assert lines[at + 1 : at + 3] == ["Żaneta’s “quiet” week – [U+2713] done; Ωμέγα, Иван.", "    And [U+1F44D]."]


def test_a_long_record_runs_over_pages_that_name_it() -> None:
    text = "\n".join(f"Line {number}." for number in range(200)) + "\n" + "x" * 500

    lines = lines_of(as_pdf(final_record(sections=(("Discussion", text),))))

    assert [line for line in lines if line.startswith("Line ")] == [f"Line {number}." for number in range(200)]
    feet = [line for line in lines if " · page " in line]
    assert len(feet) > 3
    assert feet[1].endswith("revision 1 · page 2")


def test_the_same_record_is_the_same_bytes() -> None:
    assert parcel() == parcel()


# -- the sidecar and its signature
def test_the_sidecar_names_the_document_and_the_signature_covers_both() -> None:
    sent = parcel()

    said = json.loads(sent.sidecar)

    assert said["document"] == {
        "name": f"{sent.name.rpartition('/')[2]}.pdf",
        "sha256": sha256(sent.document).hexdigest(),
    }
    KEY.public_key().verify(base64.b64decode(sent.signature), sent.sidecar)
    with pytest.raises(InvalidSignature):
        KEY.public_key().verify(base64.b64decode(sent.signature), sent.sidecar.replace(b"c1", b"c2"))


def test_the_sidecar_has_every_field_once_under_the_name_that_the_system_has_for_it() -> None:
    record = final_record()

    said = json.loads(as_sidecar(record, layout_for("lcs"), "a.pdf", "00"))

    assert (said["form"], said["person_id"], said["note_date"], said["author"]) == (
        "supervision-filing/1", "c1", "2025-03-04", "sup",
    )  # fmt: skip
    assert len(said) == len(FIELDS) + 2
    assert said["signed_by_supervisee"] == "2025-03-04T16:30:00+00:00"
    assert said["taken_as_accepted"] is None


@pytest.mark.parametrize("system", LAYOUTS)
def test_a_layout_draws_on_fields_that_there_are_and_leaves_what_proves_the_record(system: str) -> None:
    layout = layout_for(system)

    assert set(fields_of(final_record())) == set(FIELDS)
    assert set(layout.keys) <= set(FIELDS) - set(_RENAMED_NEVER)
    assert len(set(layout.keys.values())) == len(layout.keys)
    assert not set(layout.keys.values()) & set(FIELDS)
    assert place_of(final_record(), layout)


def test_every_system_that_a_policy_names_has_a_layout_of_its_own() -> None:
    stores = [policy.record.of(kind).kept_in for policy in shipped().values() for kind in RecordKind]

    assert {store.system for store in stores if store} <= set(LAYOUTS)


# -- the name
@pytest.mark.clause("CBC-62", "DAR-26")
def test_a_name_says_what_it_is_of_when_and_for_whom() -> None:
    end = "00000000-0000-0000-0000-000000000001"

    assert place_of(final_record(), layout_for("lcs")) == f"lcs/c1/2025-03-04-supervision-case-c1-{end}"
    box = final_record(system="box", kind="personal", case=None)
    assert place_of(box, layout_for("box")) == f"box/sup/wkr/2025-03-04-supervision-wkr-{end}"
    other = final_record(system="somewhere-else")
    assert place_of(other, layout_for("somewhere-else")) == f"somewhere-else/2025/2025-03-04-supervision-case-c1-{end}"


@pytest.mark.parametrize("case", ["../../etc/passwd", "/", "..", "a\\b", "C:\\x", "c\x011", "Ż", None, "x" * 500])
def test_no_ref_leads_out_of_its_folder(case: str | None) -> None:
    name = place_of(final_record(case=case), layout_for("lcs"))

    folder, middle, file = name.split("/")
    assert folder == "lcs"
    assert middle
    assert all(c.isascii() and (c.isalnum() or c in "-/") for c in name)
    assert len(file) < 200
