"""`supervision organisation sign-in`: where a council's people show who they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from service.engine.door import Door
from service.identity.openid import OpenId, ProviderAwayError
from service.identity.providers import (
    IssuerError,
    Provider,
    check_issuer,
    drop_provider,
    keep_provider,
    provider_of,
    usual_claim,
)
from service.identity.recognising import forget
from service.settings import Settings
from workers.commands.surroundings import console, door_or_stop, organisation_or_stop, settings_or_stop, stop

sign_in = typer.Typer(no_args_is_help=True, help="Say where a council's people sign in, with OpenID Connect.")
Council = Annotated[UUID, typer.Argument(help="The council's id, as `organisation create` printed it.")]


@sign_in.command("set")
def set_provider(
    organisation: Council,
    issuer: Annotated[str, typer.Option(help="The provider's address, exactly as its tokens give it as “iss”.")],
    client_id: Annotated[str, typer.Option(help="The id that the provider knows this service by.")],
    client_secret_file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A file with the secret alone; it is kept sealed.")
    ] = None,
    person_claim: Annotated[
        str | None, typer.Option(help="What `sign_in_id` in the list of people holds: “oid” for Entra ID, else “sub”.")
    ] = None,
    domain: Annotated[str | None, typer.Option(help="For Google: the council's own domain.")] = None,
    acr: Annotated[
        str | None, typer.Option(help="How strongly people must sign in, as the provider's tokens give it as “acr”.")
    ] = None,
) -> None:
    """Ask the provider who it is, and let the council's people sign in there from now on.

    Register this address with the provider first: SUPERVISION_BASE_URL followed by /signed-in.
    """
    settings = _outside_a_sandbox()
    door = door_or_stop(settings)
    own = organisation_or_stop(door, organisation)
    secret = None if client_secret_file is None else client_secret_file.read_text(encoding="utf-8").strip()
    provider = Provider(issuer, client_id, secret or None, person_claim or usual_claim(issuer), domain, acr)
    try:
        check_issuer(issuer, domain, private=settings.sign_in_private)
        OpenId.of(settings).described(provider)
    except (IssuerError, ProviderAwayError) as error:
        raise stop(f"Nothing was changed: {error}") from None
    with door.database.write(own) as connection:
        sealer = door.work(connection, own).sealer
        keep_provider(connection, own, provider, sealer, door.database.moment(connection))
    console.print(f"People of {own} sign in at {issuer} now.", markup=False, soft_wrap=True)


@sign_in.command("show")
def show(organisation: Council) -> None:
    """Show where a council's people sign in, without the secret, and whether the provider answers now."""
    settings = _outside_a_sandbox()
    door = door_or_stop(settings)
    provider = _provider_or_stop(settings, door, organisation_or_stop(door, organisation))
    said = {
        "issuer": provider.issuer, "client_id": provider.client_id, "has_secret": provider.client_secret is not None,
        "person_claim": provider.person_claim, "domain": provider.domain, "acr": provider.acr,
        "come_back_to": OpenId.of(settings).redirect_uri, "answers": _answers(OpenId.of(settings), provider),
    }  # fmt: skip
    console.print(json.dumps(said, indent=2), markup=False, soft_wrap=True)


@sign_in.command("remove")
def remove(organisation: Council) -> None:
    """Let nobody of a council sign in any more. Whoever is signed in stays so until their visit ends."""
    door = door_or_stop(_outside_a_sandbox())
    own = organisation_or_stop(door, organisation)
    with door.database.write(own) as connection:
        if not drop_provider(connection, own):
            raise stop("There was no sign-in to remove.")
    console.print("Nobody of this council can sign in now.")


@sign_in.command("forget")
def forget_person(organisation: Council, person: Annotated[str, typer.Option(help="The ref of the person.")]) -> None:
    """Forget whom somebody's verified e-mail address was taken for, so that they are recognised anew.

    A `sign_in_id` in the list of people goes before that; change it by importing the list.
    """
    door = door_or_stop(_outside_a_sandbox())
    own = organisation_or_stop(door, organisation)
    with door.database.write(own) as connection:
        if not forget(connection, own, person):
            raise stop(f"Nobody with the ref {person!r} was ever recognised by their address.")
    console.print(f"{person} is recognised anew at their next sign-in.", markup=False, soft_wrap=True)


def _outside_a_sandbox() -> Settings:
    settings = settings_or_stop()
    if settings.sandbox:
        raise stop("In a sandbox anybody may be anybody: nobody signs in at a provider there.")
    return settings


def _provider_or_stop(settings: Settings, door: Door, own: UUID) -> Provider:
    with door.database.read(own) as connection:
        sealer = door.work(connection, own).sealer
        found = provider_of(connection, own, sealer, settings.sign_in_secrets)
    if found is None:
        raise stop("Nobody of this council can sign in: use `organisation sign-in set`.")
    return found


def _answers(open_id: OpenId, provider: Provider) -> str:
    try:
        open_id.described(provider)
    except ProviderAwayError as error:
        return f"no: {error}"
    return "yes"
