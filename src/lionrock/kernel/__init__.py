"""Money, quantities, time, ids, errors, findings and states: values that every room shares."""
