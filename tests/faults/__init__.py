"""What happens to deadlines while processes are killed and servers fail. Every test prints its seed.

The pipeline runs a bounded part; `make faults` runs all of it. SUPERVISION_FAULT_SEED plays one run again.
"""
