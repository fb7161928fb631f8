"""Checks an inspection pack offline: python verify_pack.py [folder]. Needs Python 3.11 and nothing else.

Every line of history.jsonl is hashed again with the hash before it; every head of checkpoints.jsonl that is of one of
these histories has to be found in them. With the package `cryptography` installed and the council's public key as
public_key.txt (given out by the council, not by this pack), the signatures of the checkpoints are checked as well.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

BEGINNING = bytes(32)


def canonical(value: dict[str, Any]) -> bytes:
    """The one way of writing a value that hashes cover."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def lines_of(file: Path) -> list[dict[str, Any]]:
    """The JSON lines of a file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def check_histories(steps: list[dict[str, Any]]) -> tuple[dict[tuple[str, int], str], list[str]]:
    """The hash of every step, by matter and number, and what does not hold together."""
    hashes: dict[tuple[str, int], str] = {}
    faults = []
    for line in steps:
        step = line["step"]
        matter, number = step["matter"], step["number"]
        before = bytes.fromhex(hashes[matter, number - 1]) if (matter, number - 1) in hashes else BEGINNING
        if number > 1 and before == BEGINNING:
            faults.append(f"matter {matter}: step {number - 1} is missing")
        if hashlib.sha256(before + canonical(step)).hexdigest() != line["hash"]:
            faults.append(f"matter {matter}: step {number} is not what was hashed")
        hashes[matter, number] = line["hash"]
    return hashes, faults


def check_checkpoints(entries: list[dict[str, Any]], hashes: dict[tuple[str, int], str]) -> list[str]:
    """What the checkpoints say otherwise than the histories or each other."""
    faults, previous = [], BEGINNING.hex()
    for entry in entries:
        said = {name: entry[name] for name in ("organisation", "number", "at", "heads", "previous")}
        if hashlib.sha256(canonical(said)).hexdigest() != entry["hash"]:
            faults.append(f"checkpoint {entry['number']} is not what was hashed")
        if entry["previous"] != previous:
            faults.append(f"checkpoint {entry['number']} does not follow the one before it")
        previous = entry["hash"]
        for matter, head in entry["heads"].items():
            found = hashes.get((matter, head["version"]))
            if found is not None and found != head["hash"]:
                faults.append(f"checkpoint {entry['number']} states another step {head['version']} of matter {matter}")
    return faults


def check_signatures(entries: list[dict[str, Any]], key: Path) -> tuple[str, list[str]]:
    """What was checked of the signatures, and what is wrong with them."""
    if not key.exists():
        return "not checked: there is no public_key.txt", []
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - may not be installed
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    except ImportError:
        return "not checked: the package “cryptography” is not installed", []
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.read_text(encoding="utf-8").strip()))
    faults = []
    for entry in entries:
        try:
            public.verify(bytes.fromhex(entry["signature"]), bytes.fromhex(entry["hash"]))
        except InvalidSignature:
            faults.append(f"checkpoint {entry['number']}: its signature is not of this key")
    return f"{len(entries)} checked", faults


def main(folder: Path) -> int:
    """Check the pack in a folder; 0 where everything holds."""
    steps, entries = lines_of(folder / "history.jsonl"), lines_of(folder / "checkpoints.jsonl")
    hashes, faults = check_histories(steps)
    faults += check_checkpoints(entries, hashes)
    signatures, more = check_signatures(entries, folder / "public_key.txt")
    faults += more
    matters = len({line["step"]["matter"] for line in steps})
    print(f"{len(steps)} steps of {matters} matters; {len(entries)} checkpoints; signatures: {signatures}.")  # noqa: T201
    for fault in faults:
        print(f"FAULT: {fault}")  # noqa: T201
    print("Everything holds together." if not faults else f"{len(faults)} faults.")  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
