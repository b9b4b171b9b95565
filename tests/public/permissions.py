"""Who may open what: the pages of this room are for everybody, signed in or not."""

from __future__ import annotations

PAGES_FOR_EVERYBODY = {
    "public:front": "what there is to apply for",
    "public:programme": "what a programme pays for",
    "public:estimate": "what a request would cost and meet",
    "public:results": "what a programme has come to, in aggregates alone",
    "public:file": "the same as open data",
}
