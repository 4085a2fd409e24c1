"""How fast it is, beside what the machine allows, measured in the same run. A benchmark, not a timed test."""
