"""`portal audit`: whether the trail holds, and its head for keeping outside this machine."""

from typing import TYPE_CHECKING

import click

from portal.cli import RowErrors
from portal.commands.acting import load_settings, open_register

if TYPE_CHECKING:
    from registry.audit.chain import HeadDigest

HASH_LENGTH = 64

WORDS = {
    "missing": "an entry is missing or was inserted",
    "link": "the entry is not linked to the one before it",
    "content": "the entry was changed, or the key is not the one that it was sealed with",
    "tail": "the end of the trail was cut off",
}


@click.group("audit")
def command() -> None:
    """Verify the trail and print its head."""


@command.command("verify")
@click.option(
    "--head", "kept", metavar="SEQUENCE:HASH", help="A head that was kept outside; shows a cut end."
)
def verify(kept: str | None) -> None:
    """Follow the chain from its first entry; exit code 1 and the first broken entry where it does not hold."""
    from registry.audit.queries import head_digest, verify_chain

    settings = load_settings()
    with open_register(settings) as session:
        broken = verify_chain(session, key=settings.audit_key.encode(), kept=_digest(kept))
        head = head_digest(session)
    if broken is not None:
        raise RowErrors(f"Entry {broken.sequence}: {WORDS[broken.fault]}.")
    click.echo(f"The trail holds: {head.sequence} entries. Keep this head outside:")
    click.echo(f"{head.sequence}:{head.entry_hash}")


def _digest(kept: str | None) -> "HeadDigest | None":
    from registry.audit.chain import HeadDigest

    if kept is None:
        return None
    sequence, _, entry_hash = kept.partition(":")
    if not sequence.isdigit() or len(entry_hash) != HASH_LENGTH:
        raise click.UsageError("A head is written as it was printed: the number, a colon, 64 characters.")
    return HeadDigest(int(sequence), entry_hash)
