"""What is on a drawing and what is not: it follows from the table and the policy, and from no council's name."""

from __future__ import annotations

import pytest

from diagrams.compare import compared
from diagrams.extract import NotUsedError, graph_of
from diagrams.graph import Change, Graph, Kind, Move
from diagrams.intervals import known_deadlines
from diagrams.outline import as_text, outline, table
from diagrams.reach import is_used
from workflows.policy import Policy
from workflows.policy_reader import shipped
from workflows.registry import DEFINITIONS
from workflows.vocabulary import RecordKind, Workflow

CENTRAL_BEDFORDSHIRE, NORTH_SOMERSET = "central-bedfordshire", "north-somerset"
EVERY_DRAWING = [(w, p) for p in shipped().values() for w in DEFINITIONS if is_used(w, p)]


def drawn(workflow: Workflow, policy: str) -> Graph:
    return graph_of(workflow, shipped()[policy])


def names(graph: Graph) -> set[str]:
    return {node.name for node in graph.nodes}


def move(graph: Graph, source: str, target: str, trigger: str) -> Move:
    [found] = [
        move
        for way in graph.ways
        if source in way.sources and way.target == target
        for move in way.moves
        if move.trigger == trigger
    ]
    return found


def without_deeming() -> Policy:
    """Central Bedfordshire, if silence meant nothing there."""
    policy = shipped()[CENTRAL_BEDFORDSHIRE]
    rules = {kind.value: policy.record.of(kind).model_copy(update={"silence": "never"}) for kind in RecordKind}
    return policy.model_copy(update={"record": policy.record.model_copy(update=rules)})


# -- what a policy cannot reach
@pytest.mark.clause("CBC-43")
def test_silence_leads_to_acceptance_only_where_a_policy_says_so() -> None:
    having = [policy for policy in shipped() if "deemed_accepted" in names(drawn(Workflow.record, policy))]

    assert having == [CENTRAL_BEDFORDSHIRE]
    assert "deemed_accepted" not in names(graph_of(Workflow.record, without_deeming()))


@pytest.mark.clause("DAR-22")
def test_a_frequency_waits_for_approval_only_where_a_policy_asks_for_it() -> None:
    having = [policy for policy in shipped() if "awaiting_approval" in names(drawn(Workflow.frequency, policy))]

    assert having == ["darlington"]


@pytest.mark.clause("HAR-38")
def test_a_referral_waits_for_the_talk_only_where_a_policy_asks_for_it() -> None:
    state = "awaiting_supervisee_discussion"

    assert [policy for policy in shipped() if state in names(drawn(Workflow.referral, policy))] == ["haringey"]


@pytest.mark.clause("NS-53")
def test_only_a_route_that_begins_with_a_team_manager_passes_over_the_first_rung() -> None:
    def passes_over(policy: str) -> bool:
        ways = drawn(Workflow.dispute, policy).ways
        return any("in_discussion" in way.sources and way.target == "with_senior_manager" for way in ways)

    assert [policy for policy in shipped() if passes_over(policy)] == [NORTH_SOMERSET]


def test_a_workflow_that_nothing_opens_is_not_drawn() -> None:
    with pytest.raises(NotUsedError):
        drawn(Workflow.oversight, "leeds")


@pytest.mark.clause("HAR-45", "NS-46")
def test_a_file_is_archived_or_disposed_of_as_the_policy_has_it_and_kept_where_it_says_nothing() -> None:
    ends = {policy: names(drawn(Workflow.retention, policy)) & {"due", "disposed"} for policy in shipped()}

    assert ends[NORTH_SOMERSET] == {"due", "disposed"}
    assert ends["haringey"] == {"due"}
    assert ends["leeds"] == set()


# -- what it tells
@pytest.mark.clause("CBC-42", "CBC-58")
def test_a_timed_way_tells_the_interval_with_its_clauses() -> None:
    clock = move(drawn(Workflow.record, CENTRAL_BEDFORDSHIRE), "awaiting_signature", "deemed_accepted", "deem").clock

    assert clock is not None
    [interval] = clock.intervals
    assert interval.words == "after 5 working days of silence"
    assert interval.about == "personal records, case records"
    assert interval.clause == "CBC-42, CBC-43, CBC-58"


def test_a_value_that_no_policy_gives_is_marked() -> None:
    clock = move(drawn(Workflow.entitlement, "leeds"), "overdue", "with_line_manager", "climb").clock

    assert clock is not None
    assert [interval.is_default for interval in clock.intervals] == [True]


@pytest.mark.clause("LDS-30", "LDS-31", "LDS-46")
def test_a_rung_tells_who_is_asked_first_and_who_when_the_line_is_used_up() -> None:
    graph = drawn(Workflow.dispute, "leeds")

    assert graph.node("with_line_manager").waits_for == "the person whom the agreement names (LDS-46)"
    assert graph.node("with_senior_manager").then.startswith("governor (school), LDS-30")
    assert {graph.node(name).kind for name in ("with_line_manager", "with_senior_manager")} == {Kind.rung}


def test_shapes_tell_a_turn_from_time_and_from_an_end() -> None:
    graph = drawn(Workflow.entitlement, NORTH_SOMERSET)

    kinds = {node.name: node.kind for node in graph.nodes}
    assert kinds == {
        "on_track": Kind.time, "overdue": Kind.person, "with_line_manager": Kind.rung,
        "with_senior_manager": Kind.rung, "ended": Kind.end,
    }  # fmt: skip


@pytest.mark.parametrize("workflow", DEFINITIONS)
def test_every_deadline_has_its_interval_in_words(workflow: Workflow) -> None:
    known = known_deadlines()

    assert [d for d in DEFINITIONS[workflow].deadlines if not known & {(workflow, d), (None, d)}] == []


# -- the twin
@pytest.mark.parametrize(("workflow", "policy"), EVERY_DRAWING, ids=lambda each: getattr(each, "id", None))
def test_the_table_and_the_outline_have_everything_that_is_drawn(workflow: Workflow, policy: Policy) -> None:
    graph = graph_of(workflow, policy)

    rows = {(row.state, row.what, row.leads_to) for row in table(graph)}
    for way in graph.ways:
        for source in way.sources:
            for each in way.moves:
                assert (graph.node(source).title, each.says, graph.node(way.target).title) in rows
    assert [item.text.split(" (")[0] for item in outline(graph)[1:]] == [node.title for node in graph.nodes]
    text = as_text(graph)
    assert all(way_move.says in text for way in graph.ways for way_move in way.moves)


# -- two policies
def test_what_differs_between_two_policies_is_marked() -> None:
    graph = compared(drawn(Workflow.record, NORTH_SOMERSET), drawn(Workflow.record, CENTRAL_BEDFORDSHIRE))

    assert graph.node("deemed_accepted").change is Change.added
    assert move(graph, "awaiting_signature", "deemed_accepted", "deem").change is Change.added
    [late] = [clock for clock in graph.node("draft").clocks if clock.deadline == "circulate_by"]
    assert [interval.words for interval in late.intervals] == ["after 5 working days"]
    assert "after 48 hours" in [interval.words for interval in late.before]
    assert move(graph, "awaiting_signature", "agreed", "sign").change is None


def test_what_is_no_more_is_marked_too() -> None:
    graph = compared(drawn(Workflow.record, CENTRAL_BEDFORDSHIRE), drawn(Workflow.record, NORTH_SOMERSET))

    assert graph.node("deemed_accepted").change is Change.removed
    assert move(graph, "awaiting_signature", "deemed_accepted", "deem").change is Change.removed


def test_a_policy_is_not_different_from_itself() -> None:
    for workflow, policy in EVERY_DRAWING:
        graph = graph_of(workflow, policy)
        same = compared(graph, graph)
        assert same.nodes == graph.nodes
        assert _lines(same) == _lines(graph)


def _lines(graph: Graph) -> set[tuple[tuple[str, ...], str, frozenset[Move]]]:
    return {(way.sources, way.target, frozenset(way.moves)) for way in graph.ways}
