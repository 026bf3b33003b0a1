"""The program as its operators see it: logs, traces and figures (docs/monitoring.md)."""
