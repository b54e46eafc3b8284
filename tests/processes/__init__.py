"""The real commands as processes, on real databases that are stopped, cut off and filled up."""
