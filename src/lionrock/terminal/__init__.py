"""What commands share: tables, --json, progress, and how errors become exit codes."""
