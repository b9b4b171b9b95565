"""From the words of a command to the options of a usage file; every fault names the option."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast
from zoneinfo import ZoneInfo

from lionrock.charging.usage_files import UsageOptions
from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.ids import check_slug
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Month
from lionrock.kernel.periods import zone as zone_named
from lionrock.people.domain import Actor
from lionrock.people.models import Organisation
from lionrock.rules.programme import Programme
from lionrock.sites.queries import site_by_code
from lionrock.terminal.clock import read_instant

Told = str | int | tuple[str, ...] | None


def usage_options(told: Mapping[str, Told], programme_zone: ZoneInfo) -> UsageOptions:
    """Return the options that were told; a month is one of the programme's zone.

    Raises `Invalid` naming the option that cannot be read.
    """
    return UsageOptions(
        site=check_slug(str(told["site"]), field="site"),
        items=_pairs("item", told["items"]),
        account_of=_account_of(_pairs("account", told["accounts"]), _text(told, "all_accounts")),
        account_column=str(told["account_column"]),
        time_zone=zone_named(str(told["zone"])) if told["zone"] else None,
        epoch=read_instant(str(told["epoch"])) if told["epoch"] else None,
        interim_until=read_instant(str(told["interim_until"])) if told["interim_until"] else None,
        period=Month.parse(str(told["month"])).interval(programme_zone) if told["month"] else None,
        revision=int(str(told["revision"])),
    )


def check_names(told: Mapping[str, Told], options: UsageOptions, programme: Programme, actor: Actor) -> None:
    """Check that what the options name is on file: the site, the items, the organisations of --account.

    A slip here would charge the whole file twice, or hold all of it. Raises `NotFound` for the site,
    `Invalid` with every fault for the rest.
    """
    site = site_by_code(actor, options.site)
    faults = [] if site.programme == programme.id else [_elsewhere(site.code, site.programme, programme.id)]
    for item in sorted(set(options.items.values())):
        with collecting(faults):
            programme.item(item)
    named = set(_pairs("account", told["accounts"]).values()) | ({str(told["all_accounts"])} - {"None", ""})
    on_file = set(Organisation.objects.filter(code__in=named).values_list("code", flat=True))
    faults += [_no_organisation(code) for code in sorted(named - on_file)]
    if faults:
        raise Invalid("charging.usage.names", faults[0].message, faults=faults)


def _elsewhere(site: str, its: str, programme: str) -> Fault:
    template = gettext_noop("The site {value} computes for {its}, not for {programme}. See `lionrock site list`.")
    said = message(template, value=site, its=its, programme=programme)
    return Fault("charging.usage.site", said, field="site", value=site)


def _no_organisation(code: str) -> Fault:
    template = gettext_noop("There is no organisation {value} to charge. See `lionrock organisation list`.")
    return Fault("charging.usage.organisation", message(template, value=code), field="account", value=code)


def _text(told: Mapping[str, Told], name: str) -> str | None:
    return str(told[name]) if told[name] else None


def _pairs(option: str, told: Told) -> dict[str, str]:
    pairs = {}
    for pair in cast("tuple[str, ...]", told or ()):
        theirs, equals, ours = pair.partition("=")
        if not (theirs and equals and ours):
            said = message(
                gettext_noop("“{value}” given with --{option} is not a pair. Write it as NAME=OURS."),
                value=pair,
                option=option,
            )
            fault = Fault("charging.usage.option", said, field=option, value=pair)
            raise Invalid("charging.usage.option", said, faults=[fault])
        pairs[theirs] = ours
    return pairs


def _account_of(mapped: Mapping[str, str], everything: str | None) -> Callable[[str], str | None]:
    """Return how an account of the file becomes ours; an unmapped one keeps its name."""
    if everything is not None:
        return lambda theirs: mapped.get(theirs, everything)
    return lambda theirs: mapped.get(theirs, theirs)
