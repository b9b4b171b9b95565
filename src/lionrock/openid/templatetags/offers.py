"""The ways to sign in that the page of signing in offers beside the password."""

from __future__ import annotations

from collections.abc import Collection

from django import template

from lionrock.openid.domain.providers import Provider
from lionrock.openid.flow import providers

register = template.Library()


@register.simple_tag
def sign_in_providers() -> Collection[Provider]:
    """Return the providers of the installation, in the order of its file."""
    return providers().values()
