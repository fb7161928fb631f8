"""Checks an inspection pack offline: python verify_pack.py [folder]. Needs Python 3.11 and nothing else.

Every line of history.jsonl is hashed again with the hash before it; every history has to end as statement.json says.
With the package `cryptography` installed and the council's public key as public_key.txt (the council prints it by
`supervision keys public`; no pack brings it along), the signature of the statement is checked as well.
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


def check_statement(said: dict[str, Any], hashes: dict[tuple[str, int], str]) -> list[str]:
    """What the statement says otherwise than the histories, or than was hashed."""
    covered = {name: said[name] for name in ("organisation", "day", "made_at", "heads")}
    faults = []
    if hashlib.sha256(canonical(covered)).hexdigest() != said["hash"]:
        faults.append("the statement is not what was hashed")
    last: dict[str, int] = {}
    for matter, number in hashes:
        last[matter] = max(number, last.get(matter, 0))
    for matter, head in said["heads"].items():
        if (last.get(matter), hashes.get((matter, head["version"]))) != (head["version"], head["hash"]):
            faults.append(f"matter {matter}: its history does not end as the statement says")
    faults += [
        f"matter {matter}: the statement does not name it" for matter in sorted(last.keys() - said["heads"].keys())
    ]
    return faults


def check_signature(said: dict[str, Any], key: Path) -> tuple[str, list[str]]:
    """What was found of the signature, and what is wrong with it."""
    if not key.exists():
        return "the signature was not checked: there is no public_key.txt", []
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - may not be installed
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    except ImportError:
        return "the signature was not checked: the package “cryptography” is not installed", []
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.read_text(encoding="utf-8").strip()))
    try:
        public.verify(bytes.fromhex(said["signature"]), bytes.fromhex(said["hash"]))
    except InvalidSignature:
        return "the signature does not hold", ["the statement is not signed with this key"]
    return "the signature holds", []


def main(folder: Path) -> int:
    """Check the pack in a folder; 0 where everything holds."""
    steps = lines_of(folder / "history.jsonl")
    said = json.loads((folder / "statement.json").read_text(encoding="utf-8"))
    hashes, faults = check_histories(steps)
    faults += check_statement(said, hashes)
    signature, more = check_signature(said, folder / "public_key.txt")
    faults += more
    print(f"{len(steps)} steps of {len(said['heads'])} matters, as at {said['day']}; {signature}.")  # noqa: T201
    for fault in faults:
        print(f"FAULT: {fault}")  # noqa: T201
    print("Everything holds together." if not faults else f"{len(faults)} faults.")  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
