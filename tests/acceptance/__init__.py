"""The HTTP contract, told as stories against a served sandbox."""
