"""`zhongtai degrade`."""
from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

import click

from shared_components.bus.amqp.degraded import MOST_NAMES, SwitchedOff
from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_rows
from shared_components.cli.platform_access import broker_view
from shared_components.cli.settings import configuration_of, json_option
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.callers import GATEWAY
from shared_components.kernel.load_classes import LoadClass
from shared_components.runtime.discovery import contract_of, service_names

CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
LONGEST = timedelta(days=7)
DEFERRABLE = "deferrable"


@click.command("degrade")
@click.argument("names", required=False, metavar="[NAME,NAME…]")
@click.option("--until", metavar="HH:MM", help="When all is offered again: a time of today, of this machine, or a "
              "date and time such as 2026-12-15T18:00.")
@click.option("--off", is_flag=True, help="Offer everything again now.")
@json_option
@click.pass_context
def command(context: click.Context, names: str | None, until: str | None, off: bool, as_json: bool) -> int:
    """Switch methods off for a while, so that a peak leaves room for the vital ones.

    NAME is a group of deferrable methods (such as reports, exports, lists), `deferrable` for all of these, or a method
    that is not vital (payment.list_fee_items). Callers get bus.degraded (503) with a time to wait. Every process knows
    within some seconds. Without arguments it shows what is switched off.
    """
    configuration = configuration_of(context)
    classes = _classes()
    if off and (names or until):
        raise WrongUse("--off is given with names or --until; it is allowed alone")
    wanted = SwitchedOff() if off else _wanted(names, until, classes) if names or until else None
    with broker_view(configuration) as broker:
        if wanted is not None:
            broker.degrade(wanted)
        current = broker.degraded() if wanted is None else wanted
    _show(current, classes, as_json=as_json)
    return 0


def _classes() -> dict[str, LoadClass]:
    """`payment.get_order` → how much it matters in a peak."""
    contracts = [contract_of(name) for name in service_names() if name != GATEWAY]
    return {f"{contract.service}.{name}": method.load_class
            for contract in contracts for name, method in sorted(contract.methods.items())}


def _wanted(names: str | None, until: str | None, classes: Mapping[str, LoadClass]) -> SwitchedOff:
    if not names or not until:
        raise WrongUse("names and --until are needed together: zhongtai degrade reports,exports --until 18:00")
    chosen = list(dict.fromkeys(names.split(",")))
    groups = sorted({one.group for one in classes.values() if one.group})
    if len(chosen) > MOST_NAMES:
        raise WrongUse(f"{len(chosen)} names are given; {MOST_NAMES} are allowed")
    for name in chosen:
        _check_name(name, groups, classes)
    return SwitchedOff(frozenset(chosen), _moment(until, datetime.now().astimezone()).timestamp())


def _check_name(name: str, groups: Collection[str], classes: Mapping[str, LoadClass]) -> None:
    if name in groups or name == DEFERRABLE:
        return
    allowed = ", ".join([*groups, DEFERRABLE])
    if name not in classes:
        raise WrongUse(Bilingual(
            f"'{name[:80]}' is no group and no method; allowed: {allowed}, or a method such as payment.list_fee_items",
            f"“{name[:80]}”既不是分组也不是方法；允许：{allowed}，或方法名，如 payment.list_fee_items"))
    if classes[name].name == "vital":
        raise WrongUse(Bilingual(
            f"'{name}' is vital, and is never switched off; ordinary and deferrable methods are allowed",
            f"“{name}”为关键方法，不可停用；只允许普通方法和可延后方法"))


def _moment(text: str, now: datetime) -> datetime:
    """now: aware, in the zone of this machine. Raises WrongUse."""
    clock = CLOCK.fullmatch(text)
    try:
        found = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0) if clock \
            else datetime.fromisoformat(text)
    except ValueError:
        raise WrongUse(
            f"--until is '{text[:60]}'; HH:MM, or a date and time such as 2026-12-15T18:00, is allowed") from None
    found = found if found.tzinfo else found.replace(tzinfo=now.tzinfo)
    if found <= now:
        raise WrongUse(
            f"--until is '{text}', which has passed; a later time is allowed (it is {now:%Y-%m-%dT%H:%M %Z})")
    if found - now > LONGEST:
        raise WrongUse(f"--until is '{text}'; at most {LONGEST.days} days from now are allowed")
    return found


def _show(current: SwitchedOff, classes: Mapping[str, LoadClass], *, as_json: bool) -> None:
    now, rows = time.time(), []
    for name, one in classes.items():
        service, _, method = name.partition(".")
        if current.refusal(service, method, one, now) is not None:
            rows.append({"method": name, "class": one.name, "group": one.group or None,
                         "until": datetime.fromtimestamp(current.until, UTC).isoformat()})
    print_rows(rows, as_json=as_json, empty="everything is offered")
