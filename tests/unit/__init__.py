"""The rules and the parts of the service, one at a time, without servers."""
