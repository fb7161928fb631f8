"""The real engine, clocks and workers on a simulated scheduler: each seed is one course of events, always the same."""
