"""The API of GOV.UK Notify, version 2: apps that have one of its client libraries send through us without another."""
