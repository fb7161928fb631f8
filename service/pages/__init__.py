"""The web pages that people work on."""
