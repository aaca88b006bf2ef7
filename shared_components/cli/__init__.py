"""The `zhongtai` command: configuration, discovery of services, and one module a command."""
