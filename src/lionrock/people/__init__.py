"""Persons, organisations and roles: who is who, and who may do what where."""
