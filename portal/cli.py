"""The command `portal`. Each family of commands is a module of its own, imported when it is called."""

from importlib import import_module

import click

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("portal.commands.demo", "Load the demonstration data and serve it."),
    "serve": ("portal.commands.serve", "Serve the portal."),
    "upgrade": ("portal.commands.upgrade", "Bring the database to the newest migration."),
    "check": ("portal.commands.check", "Check the configuration, the database and the installation."),
    "routes": ("portal.commands.routes", "List the addresses of the site and who may use them."),
    "figure": ("portal.commands.figure", "Print one figure with its parts and rows."),
    "report": ("portal.commands.report", "Write a briefing as a PDF or Word file."),
    "map": ("portal.commands.map", "Write a map into one file that needs no network."),
    "public": ("portal.commands.public", "Write the pages of the public as files."),
    "intake": ("portal.commands.intake", "Load a workbook or a CSV file into the register."),
    "reconcile": ("portal.commands.reconcile", "Compare an export of another system with the register."),
    "divisions": ("portal.commands.divisions", "Change divisions and take changes back."),
    "boundaries": ("portal.commands.boundaries", "Load boundaries of your own."),
    "audit": ("portal.commands.audit", "Verify the trail, export its head, the trail and its old entries."),
    "backup": ("portal.commands.backup", "Take a backup while the portal serves."),
    "restore": ("portal.commands.restore", "Put a backup in the place of a register, or rehearse it."),
    "keys": ("portal.commands.keys", "Make, change and check the keys of sealed fields."),
    "jobs": ("portal.commands.jobs", "Do scheduled work: the worker, or one job at once."),
    "accounts": ("portal.commands.accounts", "Open and list accounts."),
}
"""Name, module and one line of help, which spares `portal --help` the import. The module's `command` is the command."""


SILENT = {
    "NotAllowed": "The account may not do this; name another one with --as.",
    "NotVisible": "There is no such record, or the account may not see it.",
}
"""What is said for refusals that carry no sentence."""


class PortalGroup(click.Group):
    """Imports a command when it is needed, and turns refusals and obstacles into a line on stderr and exit code 2."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_module, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        from portal.commands.obstacles import obstacle
        from portal.commands.refusing import record_refused_command
        from portal.settings import SettingsError
        from registry.errors import Refusal

        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise Refused(str(error)) from None
        except Refusal as error:
            record_refused_command(ctx, error)
            raise Refused(str(error) or SILENT.get(type(error).__name__, type(error).__name__)) from None
        except Exception as error:
            sentence = obstacle(error)
            if sentence is None:
                raise
            raise Refused(sentence) from None


class Refused(click.ClickException):
    """Usage or permission: the message goes to stderr."""

    exit_code = 2


class RowErrors(click.ClickException):
    """The file was read and rows of it were refused."""

    exit_code = 1


@click.group(cls=PortalGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """精康通: registry of mental-health community rehabilitation and sector-coordination portal.

    Settings come from the environment: PORTAL_HOME, PORTAL_DATABASE_URL, PORTAL_PROFILE, PORTAL_AS.
    """
