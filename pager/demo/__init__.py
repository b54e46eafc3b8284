"""Everything in one process with nothing to configure: the service, a county, and a carrier in a box."""
