"""FOCUS 1.4: what a programme bills, as the FinOps Foundation's open datasets of cost and usage.

Ratified on 4 June 2026. How our terms become its columns is told in `docs/explanation/focus.md`. Each module
has one dataset and knows no framework but `reading`, which reads them out of the books.
"""
