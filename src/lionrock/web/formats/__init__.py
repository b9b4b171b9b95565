"""How dates and numbers are written, by language; found by Django's FORMAT_MODULE_PATH."""
