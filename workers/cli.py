"""The command line: `supervision --help` says what there is."""

from __future__ import annotations

import typer

from workers.commands.access import access
from workers.commands.checkpointing import checkpoint
from workers.commands.describing import settings
from workers.commands.drawing import diagram
from workers.commands.keys import keys
from workers.commands.noticing import notices
from workers.commands.organisations import import_file, organisation
from workers.commands.policies import policy
from workers.commands.serving import clock, migrate, serve, work
from workers.commands.signing_in import sign_in
from workers.commands.tokens import token
from workers.commands.verifying import verify

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Runs councils' supervision policies. Try it with `supervision serve`; settings come from SUPERVISION_* in "
    "the environment. A real council: `migrate`, then `organisation create`, then `import`, then `serve`, and with "
    "Redis `clock` and `work`.",
)
organisation.add_typer(sign_in, name="sign-in")
app.add_typer(organisation, name="organisation")
app.add_typer(token, name="token")
app.add_typer(policy, name="policy")
app.add_typer(keys, name="keys")
app.add_typer(notices, name="notices")
app.add_typer(access, name="access")
app.command("import")(import_file)
for command in (serve, work, clock, migrate, checkpoint, verify, diagram, settings):
    app.command()(command)
