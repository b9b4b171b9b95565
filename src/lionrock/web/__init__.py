"""The design system: layout, styles, components and how errors become pages."""
