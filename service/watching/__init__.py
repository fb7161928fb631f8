"""What whoever runs the service can watch: figures, traces, and whether a process is well."""
