"""What is to be told leaves: by mail, by GOV.UK Notify, by a webhook; and what comes back is heard."""
