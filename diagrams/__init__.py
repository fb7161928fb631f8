"""Pictures of the state machines, drawn from the same tables that run them, as a policy lets them run.

table and policy → `extract.graph_of` → Graph → `svg`, `mermaid`, `dot`, `scxml`, `as_json`, `outline`.
"""
