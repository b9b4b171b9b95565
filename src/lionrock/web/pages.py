"""Pages that belong to no subject."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.views.i18n import set_language as django_set_language

set_language = login_not_required(django_set_language)
"""Remember the language that a visitor chose, signed in or not, and go back to where they were."""
