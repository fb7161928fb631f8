"""What every route answers to every kind of person: a row for each route and what it is asked about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from tests.acceptance.beginnings import agreed_terms

#: The columns. `wkr` is whom the matters are about and `sup` supervises them; `wkr2` and `bs` have the same supervisor,
#: `sup2` the same manager; `lm2` and `hos2` are another line; `ad` is above both.
PEOPLE = ("wkr", "sup", "wkr2", "sup2", "bs", "lm", "hos", "ad", "lm2", "hos2", "hr1", "aud", "admin")

#: The cells: `r` reads it, `s` has its shell alone, `y` is answered; `m` may do it, whether or not the rules let them
#: with what was sent; `n` may not, and `-` is not told that it exists.
READS, SHELL, ANSWERED, MAY, MAY_NOT, HIDDEN = "rsymn-"

EVERYBODY = "yyyyyyyyyyyyy"


class Row(Struct, frozen=True):
    """One request; `{…}` in the path and in the body is filled with the id of the matter of that name."""

    cells: str
    path: str
    body: Mapping[str, Any] | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None
    content_type: str = "text/csv"

    def __post_init__(self) -> None:
        """A row has a cell for everybody."""
        assert len(self.cells) == len(PEOPLE), self.path


_DAY = {"date": "2025-03-21", "reason": "Snow."}
_SESSION = {"supervisee": "wkr", "kind": "personal", "starts_at": "2025-03-12T10:00:00+00:00", "minutes": 60}
_FREQUENCY = {"case": "c1", "category": "child-in-need", "reason": "As agreed."}
_ABSENCE = {"person": "wkr", "first_day": "2025-03-03", "cause": "sickness"}
_REFERRAL = {"supervisee": "wkr", "about": "record keeping", "facts": "None."}
_ACTION = {"what": "Write it up.", "why": "It is late.", "owner": "wkr", "due": "2025-04-01"}
_ASKED = {"kind": "access_to_files", "requester": "A solicitor", "about": "case", "case": "c1"}
_AGREEMENT = {"supervisee": "wkr", "terms": agreed_terms("north-somerset")}
_GRANT = {"kind": "inspection", "person": "aud", "supervisee": "wkr", "until": "2025-03-20", "purpose": "A visit."}

#: A request in which nothing is right but the move: whoever has it is told so, and nobody moves anything.
_UNSAID: dict[str, dict[str, Any]] = {
    trigger: {"trigger": trigger, "data": {"nonsense": 1}} for trigger in ("dispute", "sign", "close", "redact", "move")
}

#: By method and path as the application has them.
ROWS: Mapping[str, tuple[Row, ...]] = {
    # -- one matter
    "GET /api/v1/matters/{matter_id}": (
        Row("rr---rrr--rrs", "/matters/{record}"),
        Row("-r--------r--", "/matters/{referral}"),
        Row("rr---rrr--rrs", "/matters/{session}"),
        Row("----------rrs", "/matters/{request}"),
        Row("-------rrrrrs", "/matters/{elsewhere}"),
    ),
    "GET /api/v1/matters/{matter_id}/history": (
        Row("rr---rrr--rrs", "/matters/{record}/history"),
        Row("-r--------r--", "/matters/{referral}/history"),
        Row("-------rrrrrs", "/matters/{elsewhere}/history"),
    ),
    "GET /api/v1/matters/{matter_id}/what-if-nothing": (
        Row("yy---yyy--yyy", "/matters/{record}/what-if-nothing"),
        Row("-y--------y--", "/matters/{referral}/what-if-nothing"),
        Row("-------yyyyyy", "/matters/{elsewhere}/what-if-nothing"),
    ),
    "GET /api/v1/matters/{matter_id}/views": (
        Row("yy---yyy--yy-", "/matters/{record}/views"),
        Row("-y--------y--", "/matters/{referral}/views"),
        Row("-------yyyyy-", "/matters/{elsewhere}/views"),
    ),
    "POST /api/v1/matters/{matter_id}/moves": (
        Row("mn---nnn--nnn", "/matters/{record}/moves", _UNSAID["dispute"]),
        Row("-m--------m--", "/matters/{referral}/moves", _UNSAID["close"]),
        Row("----------mnn", "/matters/{request}/moves", _UNSAID["redact"]),
        Row("nm---nnn--nnn", "/matters/{session}/moves", _UNSAID["move"]),
        Row("-------nnnnnn", "/matters/{elsewhere}/moves", _UNSAID["sign"]),
    ),
    "GET /api/v1/disclosures/{matter_id}/copy": (
        Row("----------yn-", "/disclosures/{request}/copy"),
        Row("-------------", "/disclosures/{record}/copy"),
    ),
    "GET /api/v1/records/{matter_id}/audit-copy": (
        Row("nn---nnn--ny-", "/records/{record}/audit-copy"),
        Row("-------------", "/records/{referral}/audit-copy"),
    ),
    "GET /api/v1/records/{matter_id}/portfolio-copy": (
        Row("mn---nnn--nn-", "/records/{record}/portfolio-copy"),
        Row("-------------", "/records/{referral}/portfolio-copy"),
    ),
    "GET /api/v1/matters/{matter_id}/diagram.svg": (
        Row("yy---yyy--yyy", "/matters/{record}/diagram.svg"),
        Row("-y--------y--", "/matters/{referral}/diagram.svg"),
    ),
    # -- lists: everybody has them, of what is theirs
    "GET /api/v1/matters": (Row(EVERYBODY, "/matters"), Row(EVERYBODY, "/matters", params={"party": "wkr"})),
    "GET /api/v1/exceptions": (Row(EVERYBODY, "/exceptions"),),
    "GET /api/v1/inspection-pack": (Row("nnnnnnynnynyn", "/inspection-pack"),),
    "GET /api/v1/notices/undelivered": (Row("nnnnnnnnnnnny", "/notices/undelivered"),),
    "POST /api/v1/people/{ref}/notices/send-again": (
        Row("nnnnnnnnnnnnm", "/people/wkr/notices/send-again", {}),
    ),
    "GET /api/v1/me/preferences": (Row(EVERYBODY, "/me/preferences"),),
    "PUT /api/v1/me/preferences": (Row("mmmmmmmmmmmmm", "/me/preferences", {"notices": "daily"}),),
    "POST /api/v1/me/calendar-feed": (Row("mmmmmmmmmmmmm", "/me/calendar-feed", {}),),
    "DELETE /api/v1/me/calendar-feed": (Row("mmmmmmmmmmmmm", "/me/calendar-feed", {}),),
    "GET /api/v1/inbox": (Row(EVERYBODY, "/inbox"),),
    "GET /api/v1/notices": (Row(EVERYBODY, "/notices"),),
    "GET /api/v1/me": (Row(EVERYBODY, "/me"),),
    "GET /api/v1/me/views": (Row(EVERYBODY, "/me/views"),),
    "GET /api/v1/people/{ref}/actions": (Row(EVERYBODY, "/people/wkr/actions"),),
    "GET /api/v1/incidents": (Row("nnnnnnnnnnyny", "/incidents"),),
    # -- opening: of whom, by whom
    "POST /api/v1/sessions": (Row("nmnnnnnnnnnnn", "/sessions", _SESSION),),
    "POST /api/v1/records": (Row("nmnnnnnnnnnnn", "/records", {"supervisee": "wkr", "kind": "personal"}),),
    "POST /api/v1/disputes": (
        Row("mmnnnnnnnnnnn", "/disputes", {"supervisee": "wkr", "about": "casework", "statement": "No."}),
    ),
    "POST /api/v1/frequencies": (Row("nmnnnmnnnnnnn", "/frequencies", _FREQUENCY),),
    "POST /api/v1/absences": (Row("mmnnnnnnnnmnn", "/absences", _ABSENCE),),
    "POST /api/v1/agreements": (Row("mmnnnnnnnnnnn", "/agreements", _AGREEMENT),),
    "POST /api/v1/concerns": (Row("mmmmmmmnmmnnn", "/concerns", {"about": "quality", "statement": "Rare."}),),
    "POST /api/v1/referrals": (Row("mmnnnmnnnnnnn", "/referrals", _REFERRAL),),
    "POST /api/v1/actions": (Row("mmnnnnnnnnnnn", "/actions", _ACTION),),
    "POST /api/v1/audits": (Row("nnnnnnnnnnnmn", "/audits", {"kind": "case_sample", "case": "c1"}),),
    "POST /api/v1/disclosures": (Row("nnnnnnnnnnmnn", "/disclosures", _ASKED),),
    "POST /api/v1/grants": (Row("nnnnnnmnnmmnn", "/grants", _GRANT),),
    # -- incidents: one that nobody has is answered as nothing
    "POST /api/v1/incidents/{incident_id}/repair": (
        Row("nnnnnnnnnn-n-", "/incidents/{nothing}/repair", {"what": "release", "reason": "It is over."}),
        Row("nnnnnnnnnn-n-", "/incidents/{record}/repair", {"what": "release", "reason": "It is over."}),
    ),
    "POST /api/v1/incidents/{incident_id}/reroute": (
        Row("nnnnnnnnnn-n-", "/incidents/{nothing}/reroute", {"holder": "hos", "reason": "It is over."}),
    ),
    # -- the council's own facts
    "GET /api/v1/people/{ref}": (Row(EVERYBODY, "/people/wkr"),),
    "GET /api/v1/people/{ref}/line": (Row(EVERYBODY, "/people/wkr/line"),),
    "GET /api/v1/calendar/{year}": (Row(EVERYBODY, "/calendar/2025"),),
    "GET /api/v1/forms": (Row(EVERYBODY, "/forms", params={"supervisee": "wkr"}),),
    "GET /api/v1/workflows": (Row(EVERYBODY, "/workflows"),),
    "GET /api/v1/workflows/{name}/diagram.{form}": (Row(EVERYBODY, "/workflows/record/diagram.svg"),),
    "GET /api/v1/guidance": (Row(EVERYBODY, "/guidance"),),
    "POST /api/v1/closures": (Row("nnnnnnnnnnnnm", "/closures", _DAY),),
    "DELETE /api/v1/closures": (Row("nnnnnnnnnnnnm", "/closures", {"date": "2025-03-21"}),),
    "POST /api/v1/{what}/import": (
        Row("nnnnnnnnnnnnm", "/people/import", text="nonsense"),
        Row("nnnnnnnnnnnnm", "/cases/import", text="nonsense"),
        Row("nnnnnnnnnnnnm", "/absences/import", text="nonsense"),
    ),
    "GET /api/v1/policies": (Row(EVERYBODY, "/policies"),),
    "GET /api/v1/policies/{policy_id}": (Row(EVERYBODY, "/policies/north-somerset"),),
    "GET /api/v1/policies/{before}/diff/{after}": (Row(EVERYBODY, "/policies/leeds/diff/haringey"),),
    "POST /api/v1/policies": (
        Row(
            "nnnnnnnnnnnnm", "/policies", params={"in_force_from": "2025-04-01"}, text="nonsense",
            content_type="application/toml",
        ),
    ),
    # -- tokens
    "GET /api/v1/tokens": (
        Row(EVERYBODY, "/tokens"),
        Row("nnnnnnnnnnnny", "/tokens", params={"everybody": "true"}),
        Row("ynnnnnnnnnnny", "/tokens", params={"person": "wkr"}),
    ),
    "POST /api/v1/tokens": (Row("mmmmmmmmmmmmm", "/tokens", {}),),
    "DELETE /api/v1/tokens/{token_id}": (Row("-------------", "/tokens/{nothing}"),),
    # -- the sandbox
    "GET /api/v1/sandbox/clock": (Row(EVERYBODY, "/sandbox/clock"),),
    "POST /api/v1/sandbox/clock": (Row("mmmmmmmmmmmmm", "/sandbox/clock", {"now": "2025-03-03T08:00:00+00:00"}),),
    "POST /api/v1/sandbox/notices/bounce": (
        Row("nnnnnnnnnnnnm", "/sandbox/notices/bounce", {"person": "nobody of this name"}),
    ),
}  # fmt: skip

#: The pages, in the same way: they are the visitor's by a cookie, and ask whoever has none to sign in.
PAGES: Mapping[str, tuple[Row, ...]] = {
    "GET /": (Row(EVERYBODY, "/"),),
    "GET /matters/{matter_id}": (
        Row("rr---rrr--rrs", "/matters/{record}"),
        Row("-y--------y--", "/matters/{referral}"),
        Row("----------yyy", "/matters/{request}"),
        Row("-------rrrrrs", "/matters/{elsewhere}"),
    ),
    "GET /matters/{matter_id}/moves/{trigger}": (
        Row("yn---nnn--nnn", "/matters/{record}/moves/dispute"),
        Row("-y--------y--", "/matters/{referral}/moves/accept"),
    ),
    "POST /matters/{matter_id}/moves/{trigger}": (
        Row("mn---nnn--nnn", "/matters/{record}/moves/dispute", {}),
        Row("-m--------m--", "/matters/{referral}/moves/accept", {}),
    ),
    "GET /calendar": (Row(EVERYBODY, "/calendar"),),
    "POST /calendar": (Row("nnnnnnnnnnnnm", "/calendar", {}),),
    "GET /incidents": (Row("nnnnnnnnnnyny", "/incidents"),),
    "GET /incidents/{incident_id}/{way}": (Row("nnnnnnnnnn-n-", "/incidents/{nothing}/repair"),),
    "POST /incidents/{incident_id}/{way}": (Row("-------------", "/incidents/{nothing}/repair", {}),),
    "GET /inspection": (Row("nnnnnnynnynyn", "/inspection"),),
    "POST /inspection": (Row("nnnnnnmnnmnmn", "/inspection", {}),),
    "GET /lists": (Row("nnnnnnnnnnnny", "/lists"),),
    "POST /lists/{what}": (Row("nnnnnnnnnnnnm", "/lists/people", {}),),
    "GET /policies": (Row(EVERYBODY, "/policies"),),
    "GET /policies/{policy_id}": (Row(EVERYBODY, "/policies/north-somerset"),),
    "GET /policies/compare": (Row(EVERYBODY, "/policies/compare", params={"before": "leeds", "after": "haringey"}),),
    "GET /policies/apply": (Row("nnnnnnnnnnnny", "/policies/apply"),),
    "POST /policies/apply": (Row("nnnnnnnnnnnnm", "/policies/apply", {}),),
    "GET /service": (Row("nnnnnnnnnnnny", "/service"),),
    "GET /service/notices": (Row("nnnnnnnnnnnny", "/service/notices", params={"person": "wkr"}),),
    "POST /service/notices/send-again": (Row("nnnnnnnnnnnnm", "/service/notices/send-again", {"person": "wkr"}),),
    "GET /service/tokens": (Row("nnnnnnnnnnnny", "/service/tokens"),),
    "GET /service/tokens/new": (Row("nnnnnnnnnnnny", "/service/tokens/new"),),
    "POST /service/tokens/new": (Row("nnnnnnnnnnnnm", "/service/tokens/new", {}),),
    "GET /service/tokens/{token_id}/end": (Row("nnnnnnnnnnnn-", "/service/tokens/{nothing}/end"),),
    "POST /service/tokens/{token_id}/end": (Row("nnnnnnnnnnnn-", "/service/tokens/{nothing}/end", {}),),
    "GET /calendar-feed": (Row(EVERYBODY, "/calendar-feed"),),
    "POST /calendar-feed": (Row("mmmmmmmmmmmmm", "/calendar-feed", {"do": "stop"}),),
    "GET /disclosures": (Row(EVERYBODY, "/disclosures"),),
    "GET /start/disclosures": (Row("nnnnnnnnnnynn", "/start/disclosures", params={"supervisee": "wkr"}),),
    "POST /start/disclosures": (Row("nnnnnnnnnnmnn", "/start/disclosures", {}),),
    "GET /matters/{matter_id}/copy": (
        Row("----------yn-", "/matters/{request}/copy"),
        Row("-------------", "/matters/{record}/copy"),
    ),
    "GET /matters/{matter_id}/records/{record}": (
        Row("----------yn-", "/matters/{request}/records/{record}"),
        Row("-----------n-", "/matters/{request}/records/{elsewhere}"),
    ),
    "GET /matters/{matter_id}/records/{record}/{section}": (
        Row("----------yn-", "/matters/{request}/records/{record}/support"),
        Row("-----------n-", "/matters/{request}/records/{record}/nothing"),
    ),
    "POST /matters/{matter_id}/records/{record}/{section}": (
        Row("----------mn-", "/matters/{request}/records/{record}/support", {}),
    ),
    "GET /your-sign-ins": (Row(EVERYBODY, "/your-sign-ins"),),
    "POST /your-sign-ins": (Row("-------------", "/your-sign-ins", {}),),
    "GET /matters/{matter_id}/picture": (
        Row("yy---yyy--yyy", "/matters/{record}/picture"),
        Row("-y--------y--", "/matters/{referral}/picture"),
    ),
    "GET /absences": (Row(EVERYBODY, "/absences"),),
    "GET /disputes": (Row(EVERYBODY, "/disputes"),),
    "GET /referrals": (Row(EVERYBODY, "/referrals"),),
    "GET /overview": (Row(EVERYBODY, "/overview"),),
    "GET /overview.csv": (Row(EVERYBODY, "/overview.csv"),),
    "GET /find": (Row(EVERYBODY, "/find", params={"person": "wkr"}),),
    "POST /find": (Row("mmmmmmmmmmmmm", "/find", {}),),
    "GET /matters": (Row(EVERYBODY, "/matters", params={"party": "wkr"}),),
    "GET /notices": (Row(EVERYBODY, "/notices"),),
    "GET /me": (Row(EVERYBODY, "/me"),),
    "GET /me/looked": (Row(EVERYBODY, "/me/looked"),),
    "GET /people/{ref}": (Row(EVERYBODY, "/people/wkr"),),
    "GET /my-people": (Row(EVERYBODY, "/my-people"),),
    "GET /schedule": (Row(EVERYBODY, "/schedule", params={"person": "wkr"}),),
    "GET /start": (Row(EVERYBODY, "/start"),),
    "GET /start/{route}": (Row(EVERYBODY, "/start/sessions", params={"supervisee": "wkr"}),),
    "POST /start/{route}": (
        Row("-m-----------", "/start/sessions", {}, {"supervisee": "wkr"}),
        Row("-m---m-------", "/start/frequencies", {}, {"case": "c1"}),
        Row("mm-----------", "/start/agreements", {}, {"supervisee": "wkr"}),
    ),
    "GET /start/concerns": (Row(EVERYBODY, "/start/concerns"),),
    "POST /start/concerns": (Row("mmmmmmmmmmmmm", "/start/concerns", {}),),
    "GET /matters/{matter_id}/moves/rebook": (Row("ny---nnn--nnn", "/matters/{session}/moves/rebook"),),
    "POST /matters/{matter_id}/moves/rebook": (Row("nm---nnn--nnn", "/matters/{session}/moves/rebook", {}),),
    "GET /matters/{matter_id}/moves/write": (Row("ny---nnn--nnn", "/matters/{record}/moves/write"),),
    "POST /matters/{matter_id}/moves/write": (Row("nm---nnn--nnn", "/matters/{record}/moves/write", {}),),
    "GET /workflows": (Row(EVERYBODY, "/workflows"),),
    "GET /workflows/{name}": (Row(EVERYBODY, "/workflows/record"),),
    "GET /workflows/{name}/file.{form}": (Row(EVERYBODY, "/workflows/record/file.svg"),),
    "GET /clock": (Row(EVERYBODY, "/clock"),),
    "POST /clock": (Row("mmmmmmmmmmmmm", "/clock", {"to": "2025-03-02"}),),
}

#: What is answered without a token: the description of the routes, files, the ways in and out, and what has a
#: secret of its own instead: reports of channels, calendar feeds and figures.
OPEN = frozenset(
    {
        "GET /api/v1/openapi.json", "HEAD /api/v1/openapi.json", "GET /api/v1/docs",
        "POST /api/v1/sandbox/organisations", "POST /api/v1/sandbox/tokens",
        "POST /api/v1/notices/bounces", "POST /api/v1/notices/bounces/notify",
        "GET /api/v1/calendar-feeds/{secret}.ics", "GET /health/live", "GET /health/ready", "GET /metrics",
        "GET /language/{tag}", "GET /sign-in", "POST /sign-in", "GET /sign-in/with-council", "GET /signed-in",
        "POST /sign-out", "* /static",
    }
)  # fmt: skip
