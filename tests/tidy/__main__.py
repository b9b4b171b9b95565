"""Prints what was measured: `python -m tests.tidy`."""

from tests.tidy.files import files_of_tests, source_files
from tests.tidy.sizes import report

print(f"src: {report(source_files())}")
print(f"tests: {report(files_of_tests())}")
