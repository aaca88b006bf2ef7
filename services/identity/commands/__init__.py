"""`zhongtai identity …`, and `zhongtai directory …` for short: departments, officers and apps of a realm."""
from __future__ import annotations

import click

from services.identity.commands import departments
from services.identity.commands.apps import apps
from services.identity.commands.audit import audit
from services.identity.commands.import_configuration import import_settings
from services.identity.commands.import_departments import import_departments
from services.identity.commands.index_contacts import index_contacts
from services.identity.commands.keys import keys
from services.identity.commands.merges import merges
from services.identity.commands.migrate_subjects import migrate_subjects
from services.identity.commands.officers import officers
from services.identity.commands.pairwise_ids import pairwise_ids
from services.identity.commands.realm import create
from services.identity.commands.signing_keys import signing_keys
from services.identity.commands.sync import sync
from services.identity.commands.tree import tree
from shared_components.cli.groups import HelpfulGroup


@click.group("identity", cls=HelpfulGroup)
def command() -> None:
    """Subjects, and the directory."""


@click.group("directory", cls=HelpfulGroup)
def directory() -> None:
    """Departments, officers and apps of a realm. The commands work on identity's own database."""


for each in (
    create, tree, departments.add, departments.show, departments.rename, departments.credit_code, departments.move,
    departments.merge, departments.close, departments.history, import_departments,
    import_settings, officers, apps, keys, sync,
):
    directory.add_command(each)
for each in (migrate_subjects, merges, audit, pairwise_ids, signing_keys, index_contacts):
    command.add_command(each)
command.add_command(directory)
