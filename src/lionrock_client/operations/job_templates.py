"""JobTemplates: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import Any, TypedDict, cast

from lionrock_client.calling import Part
from lionrock_client.connection import Asked, path_of


class TemplateBrief(TypedDict):
    """A template in the list."""

    id: str

    name: str

    about: str


class TemplateShown(TypedDict):
    """A described form and the script that it becomes."""

    id: str

    about: str

    parameters: list[dict[str, Any]]

    script: str


class Templates(TypedDict):
    """All templates."""

    items: list[TemplateBrief]


class JobTemplatesPart(Part):
    """The operations below /api/v1/job-templates."""

    def list_templates(self) -> Templates:
        """List the templates that jobs can be made from.

        Scope: `read`.
        """
        asked = Asked("GET", "job-templates")
        return cast("Templates", self._connection.document(asked))

    def read_template(self, template: str) -> TemplateShown:
        """Show what a template asks for, and the script that it becomes with its defaults.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("job-templates/{template}", template=template))
        return cast("TemplateShown", self._connection.document(asked))
