"""Of Java: what scripts for NiFi import."""
