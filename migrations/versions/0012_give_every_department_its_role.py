"""Give every department its role: charities and associations belong to an organisation, like stations and providers."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RULE = "organisation_roles_have_one"
NAMED = "(role IN ({roles})) = (organisation_id IS NOT NULL)"
BEFORE = ("station", "provider")
AFTER = (*BEFORE, "charity", "association")


def upgrade() -> None:
    replace_rule(AFTER)


def downgrade() -> None:
    """Accounts of the new roles would stand against the old rule: close and remove them first."""
    replace_rule(BEFORE)


def replace_rule(roles: tuple[str, ...]) -> None:
    with op.batch_alter_table("account") as account:
        account.drop_constraint(RULE, type_="check")
        account.create_check_constraint(RULE, NAMED.format(roles=", ".join(f"'{role}'" for role in roles)))
