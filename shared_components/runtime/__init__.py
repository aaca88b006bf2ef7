"""Runs services: discovery, hosts, processes and their supervisor."""
