"""Application templates on the command line."""

from __future__ import annotations

import click

from lionrock.jobs.domain.templates import Kind, Parameter, Template, duration_text, fill_in, read_values
from lionrock.jobs.queries import template_by_id, templates
from lionrock.terminal.output import Table, json_option, show


@click.group()
def template() -> None:
    """Application templates: list them, show one with its script."""


@template.command("list")
@json_option
def list_templates(as_json: bool) -> None:
    """List the templates that jobs can be made from.

    Example: lionrock job template list
    """
    rows = [{"id": one.id, "name": one.names.en, "about": one.about.en} for one in templates().values()]
    show(rows, Table(("id", "name"), [[row["id"], row["name"]] for row in rows]), as_json=as_json)


@template.command("show")
@click.argument("name")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="A value in place of the default.")
@click.option("--script", "only_script", is_flag=True, help="Print the script alone, to be saved.")
@json_option
def show_template(name: str, values: tuple[str, ...], only_script: bool, as_json: bool) -> None:
    """Show what a template asks for, or the script that it becomes.

    Example: lionrock job template show train --set epochs=5 --script
    """
    form = template_by_id(name)
    data = template_data(form, read_values(values))
    if only_script:
        click.echo(data["script"], nl=False)
        return
    rows = [_row(one) for one in form.parameters]
    columns = ("name", "kind", "default", "limits", "label")
    show(data, Table(columns, [[row[column] for column in columns] for row in rows]), as_json=as_json)


def template_data(form: Template, values: dict[str, str]) -> dict[str, object]:
    """Return what a template asks for and the script that it becomes with these values; raises `Invalid`."""
    script = fill_in(form, form.defaults() | values).script
    return {
        "id": form.id,
        "about": form.about.en,
        "parameters": [_row(one) for one in form.parameters],
        "script": script,
    }


def _row(one: Parameter) -> dict[str, str]:
    limits = [one.least, one.most] if one.least is not None or one.most is not None else []
    written = [("" if limit is None else _limit(one, str(limit))) for limit in limits]
    shown = "–".join(written) or ", ".join(value for value, _ in one.choices)
    return {
        "name": one.name,
        "kind": one.kind.value,
        "default": one.default.replace("\n", "␊"),
        "limits": shown,
        "label": one.label.en,
    }


def _limit(one: Parameter, limit: str) -> str:
    return duration_text(int(limit)) if one.kind is Kind.TIME else limit
