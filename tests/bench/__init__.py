"""How fast it is: commands that print figures beside a baseline of the same run. No test: machines differ."""
