"""A thousand encounters while everything dies, stands still, restarts and fails: what was lost, what came twice."""
